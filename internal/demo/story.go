// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
)

// The addresses of the example's resources.
const (
	deploymentAddress = "akash_deployment.wordpress"
	leaseAddress      = "akash_lease.wordpress"
)

// story is the demo under way: what was seen before is what the later checks compare with.
type story struct {
	*stage
	out    io.Writer
	begun  time.Time
	steps  int
	before balances
	first  outputs // after the first apply
	end    onChain // after destroy
}

// tell runs the demo. It returns the first error of a step or of a check, after everything was stopped.
func tell(ctx context.Context, o options, out io.Writer) (err error) {
	t := &story{out: out, begun: time.Now()}
	t.step("Start a devnet: one chain, three Akash providers, in this process; nothing on it is worth anything")
	if t.stage, err = setUp(ctx, o, out); err != nil {
		return err
	}
	defer func() { //nolint:contextcheck // must be done although ctx may have ended
		err = errors.Join(err, t.tearDown())
	}()
	t.say("chain %s, a block every %s; %s", t.net.ChainID(), t.net.BlockTime(), filepath.Base(t.cli.binary)+
		" works in "+t.cli.dir)
	scenes := []func(context.Context) error{t.account, t.plan, t.apply, t.change, t.destroy, t.settle}
	if o.keep {
		scenes = []func(context.Context) error{t.account, t.plan, t.apply, t.explore}
	}
	for _, scene := range scenes {
		if err := scene(ctx); err != nil {
			return err
		}
	}
	t.say("")
	t.say("Done in %s.", time.Since(t.begun).Round(100*time.Millisecond))
	return nil
}

// step announces the next step in one line.
func (t *story) step(title string) {
	t.steps++
	_, _ = fmt.Fprintf(t.out, "\n[%d] %s\n", t.steps, title)
}

// say prints one line of the demo's own.
func (t *story) say(format string, args ...any) {
	line := strings.TrimRight("  "+fmt.Sprintf(format, args...), " ")
	_, _ = fmt.Fprintln(t.out, line)
}

// account shows what the tenant has.
func (t *story) account(ctx context.Context) (err error) {
	t.step("The account that pays")
	t.before, err = t.balances(ctx, t.tenant.Address)
	if err != nil {
		return err
	}
	t.say("%s", t.tenant.Address)
	t.say("%s for deposits (1 ACT = 1 USD), %s for fees",
		coin.Display(coin.UACT, t.before.uact), coin.Display(coin.UAKT, t.before.uakt))
	return nil
}

// plan plans the example and holds the CLI to it: nothing may be spent by a plan.
func (t *story) plan(ctx context.Context) error {
	t.step("Plan WordPress with MariaDB: what will be asked of the market, before a coin moves")
	if err := t.cli.run(ctx, "plan", "-input=false", "-out=first"); err != nil {
		return err
	}
	now, err := t.balances(ctx, t.tenant.Address)
	if err != nil {
		return err
	}
	if !now.uact.Equal(t.before.uact) || !now.uakt.Equal(t.before.uakt) {
		return errors.New("planning has changed the balance")
	}
	return t.planned(ctx, "first", "create")
}

// apply applies the plan, shows who won, and looks on the chain.
func (t *story) apply(ctx context.Context) (err error) {
	t.step("Apply: deposit, bids, lease, manifest, and wait until both services are ready")
	if err := t.cli.run(ctx, "apply", "-input=false", "first"); err != nil {
		return err
	}
	if t.first, err = t.outputs(ctx); err != nil {
		return err
	}
	if err := t.show(t.first); err != nil {
		return err
	}
	deployment, err := t.deployment(ctx, t.first.DeploymentID)
	if err != nil {
		return err
	}
	now, err := t.balances(ctx, t.tenant.Address)
	if err != nil {
		return err
	}
	t.say("On the chain: %s in escrow, %s of fees paid", coin.Display(coin.UACT, deployment.held),
		coin.Display(coin.UAKT, t.before.uakt.Sub(now.uakt)))
	return check(
		claim(deployment.active, "the deployment is not active on the chain"),
		claim(deployment.hash == t.first.Hash, "the chain has another manifest hash than the state"),
		claim(deployment.held.Add(deployment.paid).Equal(t.before.uact.Sub(now.uact)),
			"what left the account is not what the escrow got"),
	)
}

// change turns a variable of the environment and wants it done in place.
func (t *story) change(ctx context.Context) error {
	t.step("Change an environment variable: an update in place, the lease stays")
	if err := t.cli.run(ctx, "plan", "-input=false", "-out=second", "-var=debug=true"); err != nil {
		return err
	}
	if err := t.planned(ctx, "second", "update"); err != nil {
		return err
	}
	if err := t.cli.run(ctx, "apply", "-input=false", "second"); err != nil {
		return err
	}
	second, err := t.outputs(ctx)
	if err != nil {
		return err
	}
	deployment, err := t.deployment(ctx, second.DeploymentID)
	if err != nil {
		return err
	}
	running, err := t.runs(second.LeaseID, "wordpress", "WORDPRESS_DEBUG=1")
	if err != nil {
		return err
	}
	t.say("manifest hash  %s", t.first.Hash)
	t.say("          now  %s", second.Hash)
	t.say("lease id       %s, as before", second.LeaseID)
	return check(
		claim(second.LeaseID == t.first.LeaseID, "the lease is another one: "+second.LeaseID),
		claim(second.Hash != t.first.Hash, "the manifest's hash did not change"),
		claim(second.Hash == deployment.hash, "the chain has another manifest hash than the state"),
		claim(running, "the Akash provider does not run the new manifest"),
	)
}

// destroy closes everything.
func (t *story) destroy(ctx context.Context) (err error) {
	t.step("Destroy: the lease ends, the deployment is closed")
	if err := t.cli.run(ctx, "destroy", "-input=false", "-auto-approve"); err != nil {
		return err
	}
	if t.end, err = t.deployment(ctx, t.first.DeploymentID); err != nil {
		return err
	}
	return check(
		claim(!t.end.active, "the deployment is still active on the chain"),
		claim(t.end.held.IsZero(), "the escrow still holds "+coin.Display(coin.UACT, t.end.held)),
	)
}

// settle compares the balances with those of the beginning.
func (t *story) settle(ctx context.Context) error {
	t.step("The deposit came back")
	now, err := t.balances(ctx, t.tenant.Address)
	if err != nil {
		return err
	}
	spent, fees := t.before.uact.Sub(now.uact), t.before.uakt.Sub(now.uakt)
	t.say("before    %s and %s", coin.Display(coin.UACT, t.before.uact), coin.Display(coin.UAKT, t.before.uakt))
	t.say("after     %s and %s", coin.Display(coin.UACT, now.uact), coin.Display(coin.UAKT, now.uakt))
	t.say("lease     %s went to the Akash provider", coin.Display(coin.UACT, spent))
	t.say("fees      %s", coin.Display(coin.UAKT, fees))
	return check(
		claim(spent.Equal(t.end.paid), "the account misses "+coin.Display(coin.UACT, spent)+
			", the Akash provider got "+coin.Display(coin.UACT, t.end.paid)),
		claim(fees.IsPositive(), "no fee was paid"),
	)
}

// claim is nil when it holds.
func claim(holds bool, otherwise string) error {
	if holds {
		return nil
	}
	return errors.New(otherwise)
}

// check joins the claims that do not hold.
func check(claims ...error) error {
	if err := errors.Join(claims...); err != nil {
		return fmt.Errorf("a check does not hold: %w", err)
	}
	return nil
}
