// SPDX-License-Identifier: Apache-2.0

// The official TypeScript SDK against the chain and gateways named in the environment: what its README tells users to
// do, each step with its values checked. Started by "make test-typescript"; see README.md.

import { delegate } from "./delegation.mjs";
import { cheapestByGRPC } from "./grpc-round.mjs";
import { refusals } from "./refusals.mjs";
import { updateByREST } from "./rest-round.mjs";
import { sell } from "./seller.mjs";
import { stepsDone } from "./story.mjs";
import { tenant } from "./tenant.mjs";

const owner = await tenant(); // has uakt and no uact
const stranger = await tenant("m/44'/118'/0'/0/2");
const seller = await tenant("m/44'/118'/0'/0/50"); // has uakt too
let code = 1;
try {
  await cheapestByGRPC(owner);
  await updateByREST(owner);
  await refusals(owner, stranger);
  await delegate(owner, stranger);
  await sell(owner, seller);
  console.log(`passed: ${stepsDone()} steps`);
  code = 0;
} catch (error) {
  console.error(error);
}
// The SDK keeps its gRPC connections and has no way to close them.
process.exit(code);
