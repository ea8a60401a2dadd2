// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"flag"
	"strings"

	"cosmossdk.io/math"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
)

const (
	// faucetCoins are given when none are named: ten AKT.
	faucetCoins = "10000000" + coin.UAKT
	// everybody as a name is every Akash provider.
	everybody = "all"
	noFaults  = "none"
)

var faucetCommand = command{
	name: "faucet", arguments: "ADDRESS [COINS]", summary: "give coins to an address",
	about: `Gives coins to an address and returns once they are there; 10 AKT without COINS,
which is like 5000000uakt,2000000uact. uact, which pays deposits, goes to the devnet's
own accounts only, and takes until the exchange's next epoch (10 blocks): others mint
it from their uakt, as on the network.
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		return func(ctx context.Context, args []string) error {
			if len(args) < 1 || len(args) > 2 {
				return misuse("faucet takes an address and, if you like, coins")
			}
			text := faucetCoins
			if len(args) == 2 {
				text = args[1]
			}
			coins, err := sdk.ParseCoinsNormalized(text)
			if err != nil {
				return misuse("%q is not like 5000000uakt,2000000uact: %v", text, err)
			}
			return at.steer(std, func(c *admin.Client, out *printer) error {
				if err := c.Faucet(ctx, args[0], coins); err != nil {
					return err
				}
				var given []string
				for _, one := range coins {
					given = append(given, coin.Display(one.Denom, one.Amount))
				}
				out.line("%s has got %s", args[0], strings.Join(given, " and "))
				return nil
			})
		}
	},
}

var faultsCommand = command{
	name: "faults", arguments: "[SPEC|none]", summary: "show or set faults, such as lag-blocks=2,amber.never-bid",
	about: `Without SPEC it shows the faults in force. With one it puts those in place of all
there are; "none" ends them, "mild" is a bad day of the network. SPEC holds words
separated by commas; seed=NUMBER decides what a share such as 1/20 hits.
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		return func(ctx context.Context, args []string) error {
			text := strings.Join(args, ",")
			plan, err := devnet.FaultPlan{}, error(nil)
			if text != noFaults {
				if plan, err = faultPlan(text, 0); err != nil {
					return err
				}
			}
			return at.steer(std, func(c *admin.Client, out *printer) error {
				if len(args) > 0 {
					if err := c.SetFaults(ctx, plan); err != nil {
						return err
					}
				}
				if plan, err = c.Faults(ctx); err != nil {
					return err
				}
				if len(plan.Settings) == 0 {
					out.line("no faults in force")
				}
				for _, setting := range plan.Settings {
					out.line("%s", setting)
				}
				return nil
			})
		}
	},
}

var killCommand = command{
	name: "kill", arguments: "NAME", summary: "end an Akash provider's leases and switch it off",
	about: `Closes the leases of an Akash provider, as one that shuts down in good order does,
then switches it off: no bids, and its gateway refuses connections. With --silent
the leases stay on the chain: tenants go on paying until they find out, as on the
network. NAME may be "all".
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		silent := flags.Bool("silent", false, "leave its leases open")
		return forEach(at, std, "kill", func(ctx context.Context, c *admin.Client, out *printer, name string) error {
			closed := []string(nil)
			if !*silent {
				var err error
				closed, err = c.CloseLeases(ctx, admin.CloseLeases{AkashProvider: name, Reason: "decommission"})
				if err != nil {
					return err
				}
			}
			if err := c.Kill(ctx, name); err != nil {
				return err
			}
			out.line("%s is off", name)
			for _, lease := range closed {
				out.line("closed lease %s", lease)
			}
			return nil
		})
	},
}

var reviveCommand = command{
	name: "revive", arguments: "NAME", summary: "switch an Akash provider on again",
	about: `Switches on what "kill" has switched off, and returns once its gateway answers.
NAME may be "all".
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		return forEach(at, std, "revive", func(ctx context.Context, c *admin.Client, out *printer, name string) error {
			if err := c.Revive(ctx, name); err != nil {
				return err
			}
			out.line("%s is on", name)
			return nil
		})
	},
}

var priceCommand = command{
	name: "price", arguments: "NAME FACTOR", summary: "multiply what an Akash provider asks",
	about: `Multiplies the prices in new bids of an Akash provider: 3 is three times its own
prices, 1 is its own again. Bids and leases that exist keep their price, as on the
network. NAME may be "all".
`,
	declare: func(flags *flag.FlagSet, std streams) func(context.Context, []string) error {
		at := declareRunning(flags, std)
		return func(ctx context.Context, args []string) error {
			if len(args) != 2 {
				return misuse("price takes the name of an Akash provider, or %q, and a factor", everybody)
			}
			factor, err := math.LegacyNewDecFromStr(args[1])
			if err != nil || !factor.IsPositive() {
				return misuse("%q is no factor: 2 doubles prices, 0.5 halves them", args[1])
			}
			set := func(ctx context.Context, c *admin.Client, out *printer, name string) error {
				if err := c.SetPriceFactor(ctx, name, factor); err != nil {
					return err
				}
				out.line("%s asks %s times its own prices in new bids", name, coin.Trim(factor))
				return nil
			}
			return forEach(at, std, "price", set)(ctx, args[:1])
		}
	},
}

// steer does one deed and tells of it.
func (r *running) steer(std streams, deed func(*admin.Client, *printer) error) error {
	client, err := r.client()
	if err != nil {
		return err
	}
	out := printer{w: std.out}
	if err := deed(client, &out); err != nil {
		return err
	}
	return out.err
}

// forEach does a deed to the Akash provider that the argument names, or to every one.
func forEach(
	at *running, std streams, verb string, deed func(context.Context, *admin.Client, *printer, string) error,
) func(context.Context, []string) error {
	return func(ctx context.Context, args []string) error {
		if len(args) != 1 {
			return misuse("%s takes the name of an Akash provider, or %q", verb, everybody)
		}
		return at.steer(std, func(c *admin.Client, out *printer) error {
			if args[0] != everybody {
				return deed(ctx, c, out, args[0])
			}
			sellers, err := c.AkashProviders(ctx)
			if err != nil {
				return err
			}
			for _, seller := range sellers {
				if err := deed(ctx, c, out, seller.Name); err != nil {
					return err
				}
			}
			return nil
		})
	}
}
