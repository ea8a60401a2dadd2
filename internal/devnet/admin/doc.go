// SPDX-License-Identifier: Apache-2.0

// Package admin steers a running devnet over HTTP: faults, blocks and time, the price of AKT, a faucet, and the Akash
// providers. [Handler] is the server's side, [Client] the other one.
//
// There are no credentials, because there is nothing to protect but somebody's game; so it is for loopback only.
// [Handler] answers no request that came in on another address, or whose Host or Origin header names another machine:
// a web page must not be able to drive a devnet through the browser of whoever reads it.
//
// Bodies are JSON objects, unknown keys are refused. An error is {"error": what was asked, "cause": what went wrong,
// "remedy": what to do about it}.
//
//	GET    /network                                   chain id, height, time, endpoints
//	GET    /faults                                    {"plan": text, "faults": …}; see [devnet.FaultPlan]
//	PUT    /faults                                    a plan: its text, or its JSON form
//	DELETE /faults                                    no more faults
//	GET    /faults/names                              [devnet.FaultNames]
//	POST   /advance                {"blocks": 10}     makes blocks at once
//	POST   /clock                  {"by": "1h"}       puts block time forward
//	POST   /price                  {"akt_usd": "0.5"} feeds the oracle
//	POST   /faucet                 {"address": "akash1…", "coins": "5000000uakt"}
//	POST   /snapshot               {"dir": "/a/new/folder"} writes all there is; see [devnet.Network.Snapshot]
//	GET    /akash-providers                           who there is, and in what state
//	POST   /akash-providers/{name}/kill               switches one off; name or address
//	POST   /akash-providers/{name}/revive             switches it on again
//	POST   /akash-providers/{name}/price {"factor": "1.5"}
//	POST   /leases/close           {"akash_provider": "amber", "owner": "…", "dseq": 1, "reason": "unstable"}
//
// Every answer that is not a list tells the height at which it is true.
package admin
