// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

const (
	// witnessTime bounds all questions about a workload that failed.
	witnessTime = 8 * time.Second
	// witnessLines of a service and witnessEvents of a lease are shown: what led to the failure stands last.
	witnessLines, witnessEvents = 8, 8
	// witnessServices is how many services are asked for their log: those that are not ready first.
	witnessServices = 5
	// witnessRunes bounds a line.
	witnessRunes = 200
)

// workloadText tells what a lease's Akash provider last saw of the workload: log lines by service, then the cluster's
// events, with the values of the manifest masked. It is best effort and works after ctx has ended. unready names
// services to begin with. Lines begin with a space, so that the CLI does not wrap them.
func (d *Deployer) workloadText(
	ctx context.Context, lease ids.LeaseID, request LeaseRequest, unready []string,
) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), witnessTime)
	defer cancel()
	replicas, err := replicasOf(request.Manifest, request.GroupName)
	if err != nil {
		return ""
	}
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return ""
	}
	hide := newMask(request.Manifest)
	services := slices.Concat(unready, slices.DeleteFunc(slices.Sorted(maps.Keys(replicas)), func(name string) bool {
		return slices.Contains(unready, name)
	}))
	var b strings.Builder
	for _, name := range services[:min(len(services), witnessServices)] {
		lines, err := client.Logs(ctx, lease, name, witnessLines)
		if errors.Is(err, gateway.ErrLeaseNotFound) {
			break // nothing runs for the lease, or no longer
		}
		if told := logText(name, lines, err, hide); told != "" {
			b.WriteString(told)
		}
	}
	if left := len(services) - witnessServices; left > 0 && b.Len() > 0 {
		fmt.Fprintf(&b, "   (%d more services)\n", left)
	}
	events, err := client.Events(ctx, lease, witnessEvents)
	if err != nil && !errors.Is(err, gateway.ErrLeaseNotFound) && len(events) == 0 {
		fmt.Fprintf(&b, "   Events: %s\n", hide.text(err.Error()))
	}
	b.WriteString(eventsText(events, hide))
	if b.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("What Akash provider %s tells of the workload, with the values of env and registry credentials "+
		"masked:\n%s", lease.ProviderAddr, strings.TrimRight(b.String(), "\n"))
}

// logText is what a service logged, or why there is no log.
func logText(service string, lines []gateway.LogLine, err error, hide mask) string {
	var b strings.Builder
	switch {
	case len(lines) > 0:
		fmt.Fprintf(&b, "   Log of %s:\n", service)
	case errors.Is(err, gateway.ErrNoReplicas):
		fmt.Fprintf(&b, "   Log of %s: none, since no replica has started.\n", service)
	case err != nil:
		fmt.Fprintf(&b, "   Log of %s: not readable: %s\n", service, hide.text(err.Error()))
	default:
		fmt.Fprintf(&b, "   Log of %s: empty.\n", service)
	}
	for _, line := range lines {
		fmt.Fprintf(&b, "     %s: %s\n", line.Replica, shortened(hide.text(line.Text)))
	}
	return b.String()
}

// eventsText lists events, with the number of times where one repeats.
func eventsText(events []gateway.Event, hide mask) string {
	if len(events) == 0 {
		return ""
	}
	var texts []string
	times := map[string]int{}
	for _, e := range events {
		text := hide.text(fmt.Sprintf("%s %s %s/%s: %s", e.Type, e.Reason, e.Kind, e.Name, e.Note))
		if times[text]++; times[text] == 1 {
			texts = append(texts, text)
		}
	}
	var b strings.Builder
	b.WriteString("   Events:\n")
	for _, text := range texts {
		again := ""
		if n := times[text]; n > 1 {
			again = fmt.Sprintf(" (%d times)", n)
		}
		fmt.Fprintf(&b, "     %s%s\n", shortened(text), again)
	}
	return b.String()
}

// shortened cuts a line of a failure's text.
func shortened(text string) string { return clipped(text, witnessRunes) }

// clipped cuts a line that is masked already: cutting first could leave the beginning of a secret.
func clipped(text string, runes int) string {
	if utf8.RuneCountInString(text) <= runes {
		return text
	}
	return string([]rune(text)[:runes-1]) + "…"
}
