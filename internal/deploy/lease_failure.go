// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"

	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/market"
)

// leaseFailure ends a failed try: it does what on_failure asks for, then says what is left.
func (d *Deployer) leaseFailure(
	ctx context.Context, request LeaseRequest, run *leaseRun, sent *trail, err error,
) error {
	if errors.Is(err, ErrGone) {
		return err
	}
	said := d.lastWords(ctx, request, run, err)
	ended, endErr := false, error(nil)
	if request.OnFailure == CloseOnFailure && run.won && !errors.Is(err, context.Canceled) {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
		defer cancel()
		endErr = d.EndLease(closing, request.Group)
		ended = endErr == nil
	}
	f := d.fail(ctx, fmt.Sprintf("Leasing group %s (%q)", request.Group, request.GroupName), "", err)
	f.Workload, f.Exists, f.Sent = said, d.whatExists(ctx, request.Group), sent.text()
	if endErr != nil {
		f.Exists += fmt.Sprintf(" on_failure is \"close\", but ending the lease failed: %v", endErr)
	}
	d.explain(f, run, err)
	if ended {
		f.Next = "The lease was ended because on_failure is \"close\". " + f.Next
	}
	return f
}

// noBids is errNoBid with the bids that there were.
type noBids string

func (n noBids) Error() string        { return string(n) }
func (n noBids) Is(target error) bool { return target == errNoBid }

// lastWords asks about the workload while its lease still runs. After an interrupt there is no time for it.
func (d *Deployer) lastWords(ctx context.Context, request LeaseRequest, run *leaseRun, err error) string {
	var refusal *refusalError
	var notReady *notReadyError
	var silent *silentError
	ended := errors.Is(err, errLeaseEnded)
	if run.lease == (ids.LeaseID{}) || errors.Is(err, context.Canceled) {
		return ""
	}
	if !errors.As(err, &notReady) && !errors.As(err, &refusal) && !errors.As(err, &silent) && !ended {
		return ""
	}
	var unready []string
	if notReady != nil {
		for _, w := range notReady.pending {
			unready = append(unready, w.service)
		}
	}
	if silent != nil {
		unready = append(unready, silent.check.Service)
	}
	said := d.workloadText(ctx, run.lease, request, unready)
	if said == "" && ended {
		return fmt.Sprintf("Akash provider %s keeps no log of it: what it ran went with the lease.", run.lease.ProviderAddr)
	}
	return said
}

// explain titles what can go wrong with a lease.
func (d *Deployer) explain(f *Failure, run *leaseRun, err error) {
	var refusal *refusalError
	var notReady *notReadyError
	var silent *silentError
	var unattested *unattestedError
	switch {
	case errors.Is(err, errNoBid):
		f.Title = "No acceptable bid"
		f.Cause = noBids("the bids on the order were:\n" + market.Table(run.verdicts, d.BlockTime))
		f.Next = "Raise price_ceiling, relax bid_policy or the SDL's placement, then run terraform apply again; " +
			"to give up and get the deposit back, run terraform destroy."
	case errors.Is(err, errLeaseEnded):
		f.Title = "Lease ended"
		f.Next = "Run terraform apply again for a new auction in the same deployment. To keep this Akash provider " +
			"out of it, add its address to bid_policy.deny; to give up and get the deposit back, run terraform destroy."
	case errors.As(err, &refusal) && hostTaken(err):
		f.Title = "Host name in use"
		f.Next = "The Akash provider serves that host name for another lease already. One of yours would have handed it " +
			"over by itself, so it is another account's. If that is yours too, destroy what runs there, or take the name " +
			"out of its accept list. Otherwise somebody else took it first, which gateways do not check: use another " +
			"name, or keep this Akash provider out with bid_policy.deny. Then run terraform apply again; to give up and " +
			"get the deposit back, run terraform destroy."
	case errors.As(err, &refusal):
		f.Title = "Manifest refused"
		f.Next = "Put right what the Akash provider names, or keep it out with bid_policy.deny, then run terraform " +
			"apply again; to give up and get the deposit back, run terraform destroy."
	case errors.As(err, &notReady):
		f.Title = "Services not ready"
		f.Next = "Look at the image, command and health of the services named above, then run terraform apply again. " +
			"Raise timeouts.create (or update) if they only need longer."
	case errors.As(err, &silent):
		f.Title = "Service does not answer"
		f.Next = "Its replicas are ready, the page named above is not. Look at what the service serves there, at " +
			"wait_for.http (path, port, statuses), and at whether the host name leads to the Akash provider; address skips " +
			"name servers. Then run terraform apply again. Raise the check's timeout, or timeouts.create (or update), if " +
			"it only needs longer."
	case errors.As(err, &unattested):
		f.Title = "Attestation failed"
		f.Next = unattestedAdvice(err)
	}
}
