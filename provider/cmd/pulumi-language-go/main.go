// SPDX-License-Identifier: Apache-2.0

// Command pulumi-language-go lets the Pulumi CLI run Go programs in this project's tests. It builds a program and runs
// it, and does nothing else: the real host, which everybody but these tests should use, is no module that could be
// pinned.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

func main() {
	flags := flag.NewFlagSet("pulumi-language-go", flag.ContinueOnError)
	for _, name := range []string{"tracing", "root", "binary", "buildTarget"} {
		flags.String(name, "", "accepted and not used")
	}
	if err := flags.Parse(os.Args[1:]); err != nil {
		os.Exit(2) // the flag package has said why
	}
	if err := serve(&host{engine: flags.Arg(0)}); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-language-go:", err)
		os.Exit(1)
	}
}

// serve answers the engine until it goes away, having told it the port on standard output.
func serve(h *host) error {
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{Init: func(server *grpc.Server) error {
		pulumirpc.RegisterLanguageRuntimeServer(server, h)
		return nil
	}})
	if err != nil {
		return err
	}
	fmt.Println(handle.Port)
	return <-handle.Done
}

// host builds and runs programs for one engine.
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer

	mu     sync.Mutex
	engine string // address
}

// Handshake learns the engine's address, which newer engines tell here instead of in an argument.
func (h *host) Handshake(
	_ context.Context, r *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.engine = r.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

// GetPluginInfo has nothing to tell.
func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: "0.0.1"}, nil
}

// GetRequiredPackages finds none: the tests put the plugin on the PATH.
func (h *host) GetRequiredPackages(
	context.Context, *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

// GetRequiredPlugins finds none: the tests put the plugin on the PATH.
func (h *host) GetRequiredPlugins(
	context.Context, *pulumirpc.GetRequiredPluginsRequest,
) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

// RuntimeOptionsPrompts has no options.
func (h *host) RuntimeOptionsPrompts(
	context.Context, *pulumirpc.RuntimeOptionsRequest,
) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

// InstallDependencies has nothing to do: the go command gets what the program's go.mod names.
func (h *host) InstallDependencies(
	*pulumirpc.InstallDependenciesRequest, grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	return nil
}

// Run builds the program and runs it to its end. What it prints goes to standard error, which the engine shows.
func (h *host) Run(ctx context.Context, r *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	scratch, err := os.MkdirTemp("", "akash-pulumi-go-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(scratch) }() // a temporary folder that stays harms nobody
	binary := filepath.Join(scratch, "program")
	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".") //nolint:gosec // a folder we made
	build.Dir = r.GetInfo().GetProgramDirectory()
	if out, err := build.CombinedOutput(); err != nil {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("go build: %v\n%s", err, out)}, nil
	}
	environment, err := h.environment(r)
	if err != nil {
		return nil, err
	}
	program := exec.CommandContext(ctx, binary, r.GetArgs()...)
	program.Dir, program.Env = r.GetPwd(), append(os.Environ(), environment...)
	program.Stdout, program.Stderr = os.Stderr, os.Stderr
	var failed *exec.ExitError
	if err := program.Run(); errors.As(err, &failed) {
		return &pulumirpc.RunResponse{Bail: true}, nil // the program has told the engine itself
	} else if err != nil {
		return nil, err
	}
	return &pulumirpc.RunResponse{}, nil
}

// environment is how the Pulumi SDK in the program learns where it is.
func (h *host) environment(r *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(r.GetConfig())
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(r.GetConfigSecretKeys())
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	return []string{
		pulumi.EnvOrganization + "=" + r.GetOrganization(),
		pulumi.EnvProject + "=" + r.GetProject(),
		pulumi.EnvStack + "=" + r.GetStack(),
		pulumi.EnvPulumiRootDirectory + "=" + r.GetInfo().GetRootDirectory(),
		pulumi.EnvConfig + "=" + string(config),
		pulumi.EnvConfigSecretKeys + "=" + string(secretKeys),
		pulumi.EnvDryRun + "=" + strconv.FormatBool(r.GetDryRun()),
		pulumi.EnvParallel + "=" + strconv.Itoa(int(r.GetParallel())),
		pulumi.EnvMonitor + "=" + r.GetMonitorAddress(),
		pulumi.EnvEngine + "=" + h.engine,
	}, nil
}
