// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/admin"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/page"
)

// running finds a devnet that another terminal runs.
type running struct {
	address, folder string
	getenv          func(string) string
}

func declareRunning(flags *flag.FlagSet, std streams) *running {
	r := &running{getenv: std.getenv}
	flags.StringVar(&r.address, "admin", "", "the devnet's `address`, by default $"+adminVariable+" or "+defaultAdmin)
	flags.StringVar(&r.folder, "state", "", "the `folder` that the devnet was started with")
	return r
}

// base is the devnet's URL.
func (r *running) base() (string, error) {
	address := r.address
	if address == "" && r.folder != "" {
		told, err := os.ReadFile(filepath.Join(r.folder, adminFile))
		if err != nil {
			return "", fmt.Errorf("--state: no devnet with a web page was started with %s: %w", r.folder, err)
		}
		address = strings.TrimSpace(string(told))
	}
	address = cmp.Or(address, r.getenv(adminVariable), defaultAdmin)
	if !strings.Contains(address, "://") {
		address = "http://" + address
	}
	return strings.TrimSuffix(address, "/"), nil
}

// client steers the devnet.
func (r *running) client() (*admin.Client, error) {
	base, err := r.base()
	if err != nil {
		return nil, err
	}
	return admin.NewClient(base)
}

const (
	viewTimeout  = 10 * time.Second
	maxViewBytes = 16 << 20
)

// viewer reads what a devnet shows of itself.
type viewer struct {
	base string
	http http.Client
}

func (r *running) viewer() (*viewer, error) {
	base, err := r.base()
	if err != nil {
		return nil, err
	}
	// A proxy would not be on this machine.
	return &viewer{base: base, http: http.Client{Transport: &http.Transport{}, Timeout: viewTimeout}}, nil
}

// view reads the newest one.
func (v *viewer) view(ctx context.Context) (page.View, error) {
	var view page.View
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, v.base+page.PathView, http.NoBody)
	if err != nil {
		return view, err
	}
	answer, err := v.http.Do(request)
	if err != nil {
		return view, fmt.Errorf("is a devnet running at %s? %w", v.base, err)
	}
	defer func() { _ = answer.Body.Close() }() // it was read to the end, or is of no use
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxViewBytes))
	if err != nil {
		return view, fmt.Errorf("devnet at %s: %w", v.base, err)
	}
	if answer.StatusCode != http.StatusOK {
		return view, fmt.Errorf("is this a devnet? %s answers %s: %.200q", v.base, answer.Status, text)
	}
	if err := json.Unmarshal(text, &view); err != nil {
		return view, fmt.Errorf("is this a devnet? %s answers no view: %w", v.base, err)
	}
	return view, nil
}
