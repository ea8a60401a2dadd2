// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	// logsTime bounds all questions of [Deployer.ReadLogs].
	logsTime = 20 * time.Second
	// logRunes bounds a line.
	logRunes = 2000
)

// LogRequest asks what the workload of a lease wrote.
type LogRequest struct {
	Lease ids.LeaseID
	// Services, when not empty, are the only ones to look at.
	Services []string
	// Lines of each service are returned at most, over all its replicas, the last ones; as many events.
	Lines int
	// Events asks for the cluster's events too.
	Events bool
}

// LogLine is a line that a replica of a service wrote; Text has the values of the manifest masked.
type LogLine struct {
	Service, Replica, Text string
}

// Logs is what could be read.
type Logs struct {
	// Lines are by service, in the order asked for, of each the oldest first.
	Lines []LogLine
	// Events are the oldest first; their notes have the values of the manifest masked.
	Events []gateway.Event
	// Missing says what could not be read, a sentence each without capital and full stop.
	Missing []string
}

// ReadLogs asks the gateway of a lease for its last lines. The values of env and registry credentials are masked, which
// takes the manifest: without it nothing is read, since a log may print them. The error, masked as well, says why not
// even the manifest could be read: a gateway that is not there, credentials it does not take, a lease that ended.
func (d *Deployer) ReadLogs(ctx context.Context, request LogRequest) (Logs, error) {
	ctx, cancel := context.WithTimeout(ctx, logsTime)
	defer cancel()
	client, err := d.gatewayOf(ctx, request.Lease.ProviderAddr)
	if err != nil {
		return Logs{}, err
	}
	manifest, err := client.LeaseManifest(ctx, request.Lease)
	if err != nil {
		return Logs{}, fmt.Errorf("read the manifest that runs: %w", err)
	}
	running, err := servicesOf(manifest)
	if err != nil {
		return Logs{}, err
	}
	var logs Logs
	hide := newMask(manifest)
	services := running
	if len(request.Services) > 0 {
		services = nil
		for _, name := range request.Services {
			if slices.Contains(running, name) {
				services = append(services, name)
			} else {
				logs.Missing = append(logs.Missing, fmt.Sprintf("the lease runs no service %q", name))
			}
		}
	}
	d.readLines(ctx, client, request, services, hide, &logs)
	if !request.Events {
		return logs, nil
	}
	events, err := client.Events(ctx, request.Lease, request.Lines)
	if err != nil {
		logs.Missing = append(logs.Missing, "events: "+hide.text(err.Error()))
	}
	for _, e := range events {
		e.Reason, e.Note = hide.text(e.Reason), clipped(hide.text(e.Note), logRunes)
		logs.Events = append(logs.Events, e)
	}
	return logs, nil
}

// readLines asks for the services a few at a time.
func (d *Deployer) readLines(
	ctx context.Context, client Gateway, request LogRequest, services []string, hide mask, logs *Logs,
) {
	type answer struct {
		lines []gateway.LogLine
		err   error
	}
	var mu sync.Mutex
	answers := map[string]answer{}
	eachAtOnce(services, func(name string) {
		lines, err := client.Logs(ctx, request.Lease, name, request.Lines)
		mu.Lock()
		defer mu.Unlock()
		answers[name] = answer{lines, err}
	})
	for _, name := range services {
		told := answers[name]
		switch {
		case errors.Is(told.err, gateway.ErrNoReplicas):
			logs.Missing = append(logs.Missing, fmt.Sprintf("service %q: no replica has started", name))
		case told.err != nil:
			logs.Missing = append(logs.Missing, fmt.Sprintf("service %q: %s", name, hide.text(told.err.Error())))
		}
		for _, line := range told.lines {
			logs.Lines = append(logs.Lines, LogLine{
				Service: name, Replica: line.Replica, Text: clipped(hide.text(line.Text), logRunes),
			})
		}
	}
}

// servicesOf are the services of a manifest, in its order.
func servicesOf(manifest []byte) ([]string, error) {
	var groups []struct {
		Services []struct {
			Name string `json:"name"`
		} `json:"services"`
	}
	if err := json.Unmarshal(manifest, &groups); err != nil {
		return nil, errors.New("the manifest is not the JSON it should be") // the cause may quote it
	}
	var names []string
	for _, g := range groups {
		for _, s := range g.Services {
			names = append(names, s.Name)
		}
	}
	return names, nil
}
