// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
)

var snapshotCommand = command{
	name: "snapshot", arguments: "FOLDER", summary: "write all that there is to a folder, to begin from it again",
	about: `Writes the chain as it is after one block, and what runs at the Akash providers, to
a new folder on the devnet's machine. "akash-devnet --from FOLDER" begins there, as
often as you like; give it the same Akash providers. The folder holds the manifests
of running leases, with the values of their env: keep it to yourself.
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		return func(ctx context.Context, args []string) error {
			if len(args) != 1 {
				return misuse("snapshot takes a folder that does not exist or is empty")
			}
			dir, err := filepath.Abs(args[0])
			if err != nil {
				return fmt.Errorf("snapshot: %w", err)
			}
			return at.steer(std, func(c *admin.Client, out *printer) error {
				height, err := c.Snapshot(ctx, dir)
				if err != nil {
					return err
				}
				out.line("block %d is in %s; begin there with: akash-devnet --from %s", height, dir, shellQuote(dir))
				return nil
			})
		}
	},
}
