// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
	"github.com/akash-iac/terraform-provider-akash/internal/visit"
)

// WaitFor says when a lease's services count as running. The zero value waits for every replica of every service.
type WaitFor struct {
	// Replicas is how many ready replicas of a service are enough, by service; 0 does not wait for it. Services that are
	// not named need all.
	Replicas map[string]int64
	// HTTP are pages that have to answer once the replicas are there, one after the other.
	HTTP []HTTPCheck
}

// HTTPCheck is a page of a service that has to answer.
type HTTPCheck struct {
	Service string
	// Path begins with a slash.
	Path string
	// Host is one of the host names that the service accepts; "" is the one that the Akash provider made, or else the
	// first.
	Host string
	// Port is a port inside the container that is forwarded or on a leased IP; 0 is the ingress.
	Port uint32
	// Address is connected to instead of the host, see [visit.Page].
	Address string
	// Statuses are the answers that will do; none is any from 200 to 399.
	Statuses []int
	// Timeout bounds the wait for this page, from when the replicas are there; 0 leaves it to the call's.
	Timeout time.Duration
}

func (c HTTPCheck) accepts(status int) bool {
	if len(c.Statuses) == 0 {
		return status >= http.StatusOK && status < http.StatusBadRequest
	}
	return slices.Contains(c.Statuses, status)
}

// wanted says which answers will do.
func (c HTTPCheck) wanted() string {
	if len(c.Statuses) == 0 {
		return "200 to 399"
	}
	texts := make([]string, len(c.Statuses))
	for i, s := range c.Statuses {
		texts[i] = strconv.Itoa(s)
	}
	return strings.Join(texts, " or ")
}

// replicas lays the numbers of w over those of the manifest.
func (w WaitFor) replicas(all map[string]int64) map[string]int64 {
	wanted := maps.Clone(all)
	for service, number := range w.Replicas {
		wanted[service] = number
	}
	return wanted
}

// silentError says that a page did not answer as it should.
type silentError struct {
	lease ids.LeaseID
	check HTTPCheck
	// page is what was asked for last, or why nothing could be; last the last answer.
	page, last string
	cause      error
}

func (s *silentError) Error() string {
	return fmt.Sprintf("service %s of lease %s does not answer as wait_for.http wants (%s): %s: %s: %v",
		s.check.Service, s.lease, s.check.wanted(), s.page, cmp.Or(s.last, "not asked yet"), s.cause)
}

func (s *silentError) Unwrap() error { return s.cause }

// errCheckTime is the cause when a check's own time is over.
var errCheckTime = errors.New("its timeout is over")

// awaitPages waits until every page of wait_for answers, and returns the status that led there. It fails with a
// *silentError, or at once when the lease ends.
func (d *Deployer) awaitPages(
	ctx context.Context, lease ids.LeaseID, request LeaseRequest, status gateway.LeaseStatus,
) (gateway.LeaseStatus, error) {
	start := d.Clock.Now()
	for _, check := range request.WaitFor.HTTP {
		var err error
		if status, err = d.awaitPage(ctx, lease, request, check, start, status); err != nil {
			return status, err
		}
	}
	return status, nil
}

func (d *Deployer) awaitPage(
	ctx context.Context, lease ids.LeaseID, request LeaseRequest, check HTTPCheck, start time.Time,
	status gateway.LeaseStatus,
) (gateway.LeaseStatus, error) {
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return status, err
	}
	silent := &silentError{lease: lease, check: check}
	accepted := acceptedHosts(request.Manifest, request.GroupName)
	err = d.poll(ctx, func() (bool, error) {
		page, ok := pageOf(check, status, accepted)
		if ok {
			silent.page = "GET " + page.String()
			answer, err := visit.Status(ctx, page)
			if err == nil && check.accepts(answer) {
				return true, nil
			}
			silent.last = answerText(answer, err)
			d.Logger.Debug("a page is not there yet", "lease", lease.String(), "page", page.String(), "answer", silent.last)
		} else {
			silent.page = "the Akash provider names no address for it yet"
		}
		if check.Timeout > 0 && d.Clock.Now().Sub(start) >= check.Timeout {
			return false, errCheckTime
		}
		if err := d.stillLeased(ctx, request.Group, lease); err != nil {
			return false, err
		}
		if now, err := client.LeaseStatus(ctx, lease); err == nil {
			status = now // addresses may come late, and change
		}
		return false, nil
	})
	switch {
	case err == nil, errors.Is(err, errLeaseEnded):
		return status, err
	case ctx.Err() != nil:
		silent.cause = ctx.Err()
	case errors.Is(err, errCheckTime):
		silent.cause = fmt.Errorf("%w after %s", errCheckTime, check.Timeout)
	default:
		return status, err
	}
	return status, silent
}

func answerText(status int, err error) string {
	if err != nil {
		return "last: " + err.Error()
	}
	return strings.TrimSpace(fmt.Sprintf("last answer %d %s", status, http.StatusText(status)))
}

// pageOf finds where the page of a check is; false while the Akash provider does not tell.
func pageOf(check HTTPCheck, status gateway.LeaseStatus, accepted []string) (visit.Page, bool) {
	page := visit.Page{Path: cmp.Or(check.Path, "/"), Address: check.Address}
	if check.Port == 0 {
		hosts := slices.Sorted(slices.Values(status.Services[check.Service].URIs))
		made := slices.IndexFunc(hosts, func(host string) bool { return !slices.Contains(accepted, host) })
		switch {
		case check.Host != "":
			page.Host = check.Host
		case made >= 0:
			page.Host = hosts[made]
		case len(hosts) > 0:
			page.Host = hosts[0]
		}
		return page, slices.Contains(hosts, page.Host)
	}
	for _, p := range status.ForwardedPorts[check.Service] {
		if p.Port == check.Port && strings.EqualFold(p.Proto, "tcp") {
			page.Host = net.JoinHostPort(cmp.Or(check.Host, p.Host), strconv.FormatUint(uint64(p.ExternalPort), 10))
			return page, true
		}
	}
	for _, p := range status.IPs[check.Service] {
		if p.Port == check.Port && strings.EqualFold(p.Protocol, "tcp") {
			page.Host = net.JoinHostPort(cmp.Or(check.Host, p.IP), strconv.FormatUint(uint64(p.ExternalPort), 10))
			return page, true
		}
	}
	return page, false
}
