// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// noticeTime is how long an Akash provider may need to learn of a lease or a new hash from its own node, or to come
// back after not answering.
const noticeTime = time.Minute

// refusalError says that a gateway would not run the manifest, now or ever, or that its Akash provider gave the lease
// up before it ran.
type refusalError struct {
	lease        ids.LeaseID
	providerAddr string
	cause        error
}

func (r *refusalError) Error() string {
	if errors.Is(r.cause, errLeaseEnded) {
		return fmt.Sprintf("Akash provider %s gave up: %v", r.providerAddr, r.cause)
	}
	return fmt.Sprintf("Akash provider %s did not take the manifest: %v", r.providerAddr, r.cause)
}

func (r *refusalError) Unwrap() error { return r.cause }

// deliver sends the manifest and repeats while the gateway cannot know better yet. It fails with a *refusalError once
// the gateway has refused for good or for longer than it may take to learn of the lease. group is the lease's name in
// the manifest.
func (d *Deployer) deliver(ctx context.Context, lease ids.LeaseID, manifest []byte, group string) error {
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return err
	}
	until := d.Clock.Now().Add(noticeTime)
	return d.poll(ctx, func() (bool, error) {
		err := client.SubmitManifest(ctx, lease.DSeq, manifest)
		if err == nil {
			return true, nil
		}
		if hostTaken(err) && ctx.Err() == nil {
			// By an older deployment of ours, perhaps; a gateway that has kept the manifest moves it. The next delivery tells.
			_, migrateErr := client.MigrateHostnames(ctx, lease.Group(), acceptedHosts(manifest, group))
			d.Logger.Debug("a host name is in use, moving it", "lease", lease.String(), "moved", migrateErr == nil)
		}
		err = withoutSecrets(err, manifest)
		switch {
		case ctx.Err() != nil:
			return false, ctx.Err()
		case errors.Is(err, gateway.ErrUnauthorized):
			return false, err // our own key or clock: no other Akash provider would take it
		case mayPass(err) && d.Clock.Now().Before(until):
			d.Logger.Debug("the gateway does not take the manifest yet", "lease", lease.String(), "answer", err.Error())
			if gone := d.stillLeased(ctx, lease.Group(), lease); errors.Is(gone, errLeaseEnded) {
				return false, &refusalError{lease: lease, providerAddr: lease.ProviderAddr, cause: gone}
			}
			return false, nil
		default:
			return false, &refusalError{lease: lease, providerAddr: lease.ProviderAddr, cause: err}
		}
	})
}

// mayPass reports whether a gateway's answer can change by waiting: it has not seen the lease or the new hash, or it
// could not be reached.
func mayPass(err error) bool {
	return errors.Is(err, gateway.ErrNoLease) || errors.Is(err, gateway.ErrManifestVersion) ||
		errors.Is(err, gateway.ErrUnavailable)
}
