// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// leaseFailure ends a failed try: it does what on_failure asks for, then says what is left.
func (d *Deployer) leaseFailure(ctx context.Context, request LeaseRequest, run *leaseRun, err error) error {
	if errors.Is(err, ErrGone) {
		return err
	}
	ended, endErr := false, error(nil)
	if request.OnFailure == CloseOnFailure && run.won && !errors.Is(err, context.Canceled) {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		endErr = d.EndLease(closing, request.Group)
		ended = endErr == nil
	}
	f := d.fail(ctx, fmt.Sprintf("Leasing group %s (%q)", request.Group, request.GroupName), "", err)
	f.Exists = d.whatExists(ctx, request.Group)
	if endErr != nil {
		f.Exists += fmt.Sprintf(" on_failure is \"close\", but ending the lease failed: %v", endErr)
	}
	d.explain(f, run, err)
	if ended {
		f.Next = "The lease was ended because on_failure is \"close\". " + f.Next
	}
	return f
}

// explain titles what can go wrong with a lease.
func (d *Deployer) explain(f *Failure, run *leaseRun, err error) {
	var refusal *refusalError
	var notReady *notReadyError
	switch {
	case errors.Is(err, errNoBid):
		f.Title = "No acceptable bid"
		f.Cause = fmt.Errorf("the bids on the order were:\n%s", market.Table(run.verdicts, d.BlockTime))
		f.Next = "Raise price_ceiling, relax bid_policy or the SDL's placement, then run terraform apply again; " +
			"to give up and get the deposit back, run terraform destroy."
	case errors.Is(err, errLeaseEnded):
		f.Title = "Lease ended"
	case errors.As(err, &refusal):
		f.Title = "Manifest refused"
	case errors.As(err, &notReady):
		f.Title = "Services not ready"
		f.Next = "Look at the image, command and health of the services named above, then run terraform apply again. " +
			"Raise timeouts.create (or update) if they only need longer."
	}
}
