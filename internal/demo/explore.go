// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"path/filepath"
)

// explore leaves everything running and says what can be done with it, until ctx ends.
func (t *story) explore(ctx context.Context) error {
	t.step("Yours to explore, until Ctrl-C")
	env, err := t.writeEnv()
	if err != nil {
		return err
	}
	t.say("In another terminal (there is nothing to init, the plugin is taken from this build):")
	t.say("")
	t.say("  cd %s", t.cli.dir)
	t.say("  . %s", env)
	for _, c := range []struct{ arguments, shows string }{
		{"plan", "no changes"},
		{"apply -var=debug=true", "a change in place"},
		{"apply -var=ceiling_usd_per_month=1", "below every price: the lease ends, nobody wins the new auction"},
		{"apply", "somebody does again"},
		{"destroy", "the deposit comes back"},
	} {
		t.say("  %s %-34s  # %s", t.cli.binary, c.arguments, c.shows)
	}
	t.say("")
	t.say("CLI configuration  %s", filepath.Join(t.dir, configFile))
	t.say("chain              RPC %s  gRPC %s  REST %s", t.net.RPC(), t.net.GRPC(), t.net.REST())
	t.say("account            %s", t.tenant.Address)
	t.say("")
	t.say("Ctrl-C stops the chain and removes the folder with its state: both describe what is gone then.")
	<-ctx.Done()
	t.say("")
	t.say("stopping")
	return nil
}
