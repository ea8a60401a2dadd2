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
	name := t.cli.binary
	t.say("In another terminal (there is nothing to init, the plugin is taken from this build):")
	t.say("")
	for _, line := range []string{
		"cd " + t.cli.dir,
		". " + env,
		name + " plan                                          no changes",
		name + " apply -var=debug=true                         a change in place",
		name + " apply -var=ceiling_usd_per_month=1            below every price: a new auction that nobody wins",
		name + " destroy",
	} {
		t.say("  %s", line)
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
