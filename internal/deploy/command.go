// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// maxCommandOutput is how many bytes of each stream of a command are kept, from its end.
const maxCommandOutput = 64 << 10

// commandLines is how many of a failed command's last lines an error shows.
const commandLines = 15

// RunCommand runs a command in a replica of a lease's service, at most once, and waits for its end. An exit code other
// than 0 is a [*Failure] with the command's last lines; so is everything that came between. The result's output may
// hold secrets. Its exit code is 0 where there is no error.
func (d *Deployer) RunCommand(
	ctx context.Context, lease ids.LeaseID, command gateway.Command,
) (gateway.CommandResult, error) {
	command.MaxOutput = maxCommandOutput
	// The program alone: its arguments may hold a password.
	doing := fmt.Sprintf("Running %q in service %s of lease %s", firstWord(command), command.Service, lease)
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err == nil {
		err = d.canRun(ctx, client, lease, command)
	}
	if err != nil {
		return gateway.CommandResult{}, commandFailure(doing, commandNotRun, err)
	}
	result, err := client.Run(ctx, lease, command)
	switch {
	case errors.Is(err, gateway.ErrNotRun), errors.Is(err, gateway.ErrNoReplicas):
		return result, commandFailure(doing, commandNotRun, err)
	case errors.Is(err, gateway.ErrOutcomeUnknown):
		failure := commandFailure(doing, "The command may have run, wholly or in part, and may be running still.", err)
		failure.Workload = d.outputText(ctx, client, lease, result)
		return result, failure
	case err != nil:
		return result, commandFailure(doing, commandNotRun, err)
	case result.ExitCode != 0:
		failure := commandFailure(doing, "The command ran to its end.", fmt.Errorf("it exited with code %d", result.ExitCode))
		failure.Workload = d.outputText(ctx, client, lease, result)
		return result, failure
	}
	return result, nil
}

const commandNotRun = "The command was not run."

func commandFailure(doing, ran string, cause error) *Failure {
	return &Failure{
		Title: "Command failed", Doing: doing, Cause: cause,
		Exists: ran + " The lease goes on, and is paid for, as before; no transaction was sent.",
		Next: "Mend the cause and run terraform apply again, which runs the command again: a command should be fit " +
			"to run twice.",
	}
}

func firstWord(command gateway.Command) string {
	if len(command.Words) == 0 {
		return ""
	}
	return command.Words[0]
}

// canRun makes sure that there is such a replica: to a command for a lease that it does not know, a gateway answers
// with success.
func (d *Deployer) canRun(ctx context.Context, client Gateway, lease ids.LeaseID, command gateway.Command) error {
	status, err := client.LeaseStatus(ctx, lease)
	if err != nil {
		return err
	}
	service, ok := status.Services[command.Service]
	switch {
	case !ok:
		return fmt.Errorf("the lease has no service %q; it has %s", command.Service,
			strings.Join(slices.Sorted(maps.Keys(status.Services)), ", "))
	case service.Available == 0:
		return fmt.Errorf("%w: %s 0/%d", gateway.ErrNoReplicas, command.Service, service.Total)
	case int64(command.Replica) >= service.Total:
		return fmt.Errorf("service %s has %d replicas, counted from 0: there is no replica %d",
			command.Service, service.Total, command.Replica)
	}
	return nil
}

// outputText is the end of what a command wrote, with the values of the lease's manifest masked; "" where that manifest
// cannot be had, since nobody could tell the secrets in the output then.
func (d *Deployer) outputText(
	ctx context.Context, client Gateway, lease ids.LeaseID, result gateway.CommandResult,
) string {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), witnessTime)
	defer cancel()
	if len(result.Stdout)+len(result.Stderr) == 0 {
		return ""
	}
	manifest, err := client.LeaseManifest(ctx, lease)
	if err != nil {
		return "What it wrote is not shown: its manifest could not be read, so secrets in it could not be masked."
	}
	hide := newMask(manifest)
	var b strings.Builder
	b.WriteString("The end of what it wrote, with the values of env and registry credentials masked:\n")
	for _, stream := range []struct {
		name string
		text []byte
	}{{"stdout", result.Stdout}, {"stderr", result.Stderr}} {
		lines := strings.Split(strings.TrimRight(hide.text(strings.ToValidUTF8(string(stream.text), "�")), "\n"), "\n")
		for _, line := range lines[max(0, len(lines)-commandLines):] {
			if line != "" {
				fmt.Fprintf(&b, "     %s: %s\n", stream.name, shortened(gateway.Plain(line)))
			}
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
