// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/odds"
)

// ErrNoAkashProvider is wrapped by errors about an Akash provider that the network does not have.
var ErrNoAkashProvider = errors.New("no such Akash provider")

// AkashProvider finds a running simulator by name or address.
func (n *Network) AkashProvider(nameOrAddress string) (*akashprovider.AkashProvider, error) {
	var names []string
	for _, p := range n.AkashProviders() {
		if p.Name() == nameOrAddress || p.Address() == nameOrAddress {
			return p, nil
		}
		names = append(names, p.Name())
	}
	return nil, fmt.Errorf("%w: %q; there are %s", ErrNoAkashProvider, nameOrAddress, listed(names))
}

// listed is a list for people, cut where it would be long.
func listed(names []string) string {
	const enough = 20
	if len(names) == 0 {
		return "none"
	}
	text := names[0]
	for _, name := range names[1:min(len(names), enough)] {
		text += ", " + name
	}
	if more := len(names) - enough; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// ApplyFaults puts a plan in force in place of all faults there are, those of Akash providers included; the zero
// value ends all of them. Nothing is changed when the plan is wrong: the error wraps [ErrFaultPlan] or
// [ErrNoAkashProvider]. Only "rotate-certificate" sends transactions, and waits for them within ctx.
func (n *Network) ApplyFaults(ctx context.Context, plan FaultPlan) error {
	plan, err := plan.normal()
	if err != nil {
		return err
	}
	sellers, err := n.sellerPlans(plan)
	if err != nil {
		return err
	}
	n.faults.place(n.endpointFaults(plan))
	for i, p := range n.AkashProviders() {
		p.SetFaults(sellers[i].faults)
	}
	var errs []error
	for i, p := range n.AkashProviders() {
		if !sellers[i].rotate {
			continue
		}
		if err := p.RotateCertificate(ctx, time.Now()); err != nil {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// FaultPlan is what is in force now: of counted faults what is left, and of Akash providers each by name. Faults
// that were put in force as functions, by [Network.SetFaults], are not in it. It can be applied again.
func (n *Network) FaultPlan() FaultPlan {
	out := n.faults.plan()
	for _, p := range n.AkashProviders() {
		faults := p.Faults()
		for _, w := range sellerWords() {
			if w.left == nil {
				continue
			}
			if value, inForce := w.left(faults); inForce {
				out.Settings = append(out.Settings, FaultSetting{On: p.Name(), Fault: w.name, Value: value})
			}
		}
		if shown := faults.Certificate; shown != nil {
			name := "foreign-certificate"
			if shown.Address == p.Address() {
				name = "wrong-certificate"
			}
			out.Settings = append(out.Settings, FaultSetting{On: p.Name(), Fault: name})
		}
	}
	return out
}

// sellerPlan is what a plan means for one Akash provider.
type sellerPlan struct {
	faults akashprovider.Faults
	rotate bool
}

// sellerPlans works out what the plan means for each Akash provider.
func (n *Network) sellerPlans(plan FaultPlan) ([]sellerPlan, error) {
	out := make([]sellerPlan, len(n.sellers))
	var errs []error
	// The more general comes first, so that the more special stands.
	for _, kind := range []func(on string) bool{
		func(on string) bool { return on == OnAll },
		func(on string) bool { return on == OnAny },
		func(on string) bool { return on != OnAll && on != OnAny && on != OnEndpoints },
	} {
		for _, s := range plan.Settings {
			if !kind(s.On) {
				continue
			}
			if err := n.placeOnSellers(out, s, n.faultSeed(plan)); err != nil {
				errs = append(errs, wordError(s.String(), err))
			}
		}
	}
	return out, errors.Join(errs...)
}

func (n *Network) placeOnSellers(plans []sellerPlan, s FaultSetting, seed uint64) error {
	w, err := findFault(s.On, s.Fault)
	if err != nil {
		return err
	}
	targets, err := n.targets(s, seed)
	if err != nil {
		return err
	}
	for _, i := range targets {
		if w.certificate == ownCertificate {
			w.seller(&plans[i].faults, s.Value, diceFor(w, s, seed, n.sellers[i].spec.Name))
			continue
		}
		if err := n.placeCertificate(&plans[i], i, w.certificate); err != nil {
			return err
		}
	}
	return nil
}

// targets are the indices of those a setting is for.
func (n *Network) targets(s FaultSetting, seed uint64) ([]int, error) {
	switch {
	case s.On == OnAll:
		all := make([]int, len(n.sellers))
		for i := range all {
			all[i] = i
		}
		return all, nil
	case s.On == OnAny && len(n.sellers) == 0:
		return nil, nil
	case s.On == OnAny:
		return []int{odds.Pick(seed, s.Fault, len(n.sellers))}, nil
	}
	i := slices.IndexFunc(n.sellers, func(of *seller) bool {
		return of.spec.Name == s.On || of.account.Address == s.On
	})
	if i < 0 {
		_, err := n.AkashProvider(s.On)
		return nil, err
	}
	return []int{i}, nil
}

// placeCertificate makes or finds the certificate to show.
func (n *Network) placeCertificate(plan *sellerPlan, i int, kind certificateFault) error {
	if kind == rotatedCertificate {
		plan.rotate = true
		return nil
	}
	if plan.faults.Certificate != nil {
		return errors.New("a gateway can show only one certificate")
	}
	if kind == foreignCertificate {
		if len(n.sellers) < 2 {
			return errors.New("it takes a second Akash provider, whose certificate is shown")
		}
		other := n.sellers[(i+1)%len(n.sellers)].running.Identity()
		plan.faults.Certificate = &other
		return nil
	}
	host, _, err := net.SplitHostPort(n.sellers[i].listener.Addr().String())
	if err != nil {
		return err
	}
	unknown, err := akashprovider.NewIdentity(n.sellers[i].account.Address, host, time.Now())
	if err != nil {
		return err
	}
	plan.faults.Certificate = &unknown
	return nil
}

// faultSeed is what decides about chance.
func (n *Network) faultSeed(plan FaultPlan) uint64 {
	if plan.Seed != 0 {
		return plan.Seed
	}
	return n.opts.Seed
}

// diceFor makes the dice of a setting whose value is odds; nil for others.
func diceFor(w faultWord, s FaultSetting, seed uint64, on string) *odds.Dice {
	if w.value.form != oddsValue.form {
		return nil
	}
	o, err := odds.Parse(s.Value)
	if err != nil {
		return nil // it was checked
	}
	return odds.NewDice(o, seed, on+"."+s.Fault)
}
