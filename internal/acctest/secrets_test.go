// SPDX-License-Identifier: Apache-2.0

//go:build unix

package acctest_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/acctest"
	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/journal"
	marketv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/market/v1"
)

// planted is a secret that a run is given or makes.
type planted struct {
	name string
	// text is looked for as it is, pattern where the value is not known beforehand.
	text    string
	pattern *regexp.Regexp
	// stored says that it may be in states and saved plans, which the documentation says, and nowhere else.
	stored bool
}

// find is where it is in content; -1 for nowhere.
func (p planted) find(content []byte) int {
	if p.pattern != nil {
		if at := p.pattern.FindIndex(content); at != nil {
			return at[0]
		}
		return -1
	}
	return bytes.Index(content, []byte(p.text))
}

const secretsConfiguration = `
variable "plain" {
  type      = string
  sensitive = true
}
variable "hidden" {
  type      = string
  ephemeral = true
}
variable "registry" {
  type      = string
  ephemeral = true
}
variable "secrets" { type = number }

locals {
  env    = { web = { HIDDEN = var.hidden } }
  logins = { web = { host = "ghcr.io", username = "robot-${var.registry}", password = "pass-${var.registry}" } }
}

resource "akash_certificate" "client" {}

ephemeral "akash_jwt" "token" {
  access = "full"
}

resource "akash_deployment" "web" {
  sdl = <<-EOT
SDL
EOT
  env                             = { web = { PLAIN = var.plain } }
  env_wo                          = local.env
  env_wo_version                  = var.secrets
  registry_credentials_wo         = local.logins
  registry_credentials_wo_version = var.secrets
}

resource "akash_lease" "web" {
  group                   = akash_deployment.web.groups["dcloud"]
  env_wo                  = local.env
  registry_credentials_wo = local.logins
}

output "lease" { value = akash_lease.web.lease_id }
`

// TestAccBlackBox_secrets plants secrets of every kind and looks for them wherever a user's machine keeps something: in
// states, saved plans, logs at TRACE, what is printed, the journal, the market's cache, the home and temporary folders.
func TestAccBlackBox_secrets(t *testing.T) {
	t.Parallel()
	net := acctest.StartDevnet(t, "faults and the hand of an Akash provider", devnet.Options{}, acctest.NoRefusal())
	w := net.NewWorkspace(t, acctest.Tenant, strings.ReplaceAll(secretsConfiguration, "SDL", acctest.Web{}.SDL()))
	s := &search{w: w, home: t.TempDir(), scratch: t.TempDir(), all: []planted{
		{name: "the account's mnemonic", text: net.Account(t, acctest.Tenant).Mnemonic},
		{name: "env_wo", text: "hidden-0b1c7e35"},
		{name: "env_wo of version 2", text: "hidden-92d4a6f8"},
		{name: "registry_credentials_wo", text: "registry-5d2e8f90"},
		{name: "env", text: "plain-77ac31de", stored: true},
		{name: "a token", pattern: regexp.MustCompile(`eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{40,}`)},
		{
			name: "a private key", stored: true,
			pattern: regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY-----(\\n|\s)*[A-Za-z0-9+/]{20,}`),
		},
	}}
	for name, value := range map[string]string{
		"TF_LOG": "TRACE", "HOME": s.home, "TMPDIR": s.scratch, "TF_VAR_hidden": "hidden-0b1c7e35",
		"TF_VAR_registry": "registry-5d2e8f90", "TF_VAR_plain": "plain-77ac31de", "TF_VAR_secrets": "1",
	} {
		w.Setenv(name, value)
	}
	owner := net.Owner(t, acctest.Tenant)

	s.run(t, true, "plan", "-out=plan.bin", "-input=false")
	net.AllFaults(akashprovider.Faults{RefuseManifests: -1})
	refused := s.run(t, false, "apply", "-input=false", "plan.bin")
	require.Contains(t, unwrap(refused), "Manifest refused")
	net.AllFaults(akashprovider.Faults{NeverReady: true})
	s.crash(t, net, owner)
	net.AllFaults(akashprovider.Faults{})
	s.run(t, true, "apply", "-auto-approve", "-input=false")
	lease := output(t, w, "lease")
	require.Contains(t, net.Running(t, lease)["web"], "HIDDEN=hidden-0b1c7e35")
	s.run(t, true, "plan", "-refresh-only", "-input=false", "-out=refresh.bin")
	require.Contains(t, s.run(t, true, "plan", "-detailed-exitcode", "-input=false"), "No changes")

	net.KillLease(t, lease)
	s.run(t, true, "apply", "-auto-approve", "-input=false")
	require.NotEqual(t, lease, output(t, w, "lease"), "the slot was repaired")
	w.Setenv("TF_VAR_hidden", "hidden-92d4a6f8")
	w.Setenv("TF_VAR_secrets", "2")
	s.run(t, true, "apply", "-auto-approve", "-input=false")
	require.Contains(t, net.Running(t, output(t, w, "lease"))["web"], "HIDDEN=hidden-92d4a6f8")
	require.True(t, s.stored["env"] && s.stored["a private key"], "the search finds what is there: %v", s.stored)
	s.run(t, true, "destroy", "-auto-approve", "-input=false")
	require.Empty(t, net.Deployments(t, owner, "active"))
	require.Positive(t, s.plans, "saved plans were looked into")
	require.Positive(t, s.logs, "logs were looked into")
}

// search runs a workspace and looks for secrets after each run.
type search struct {
	w             *acctest.Workspace
	home, scratch string
	all           []planted
	runs          int
	// stored are the names of secrets that were found where they may be; plans and logs count files that were read.
	stored      map[string]bool
	plans, logs int
}

// run runs the CLI and looks at everything it leaves, what it prints included.
func (s *search) run(t *testing.T, succeeds bool, args ...string) string {
	t.Helper()
	s.runs++
	s.w.Setenv("TF_LOG_PATH", filepath.Join(s.w.Dir, fmt.Sprintf("trace-%d.log", s.runs)))
	out, err := s.w.Run(t, append(args, "-no-color")...)
	require.Equal(t, succeeds, err == nil, "%v\n%s", args, out)
	s.look(t, fmt.Sprintf("the output of %v", args), []byte(out), false)
	s.files(t)
	return out
}

// crash makes CLI and plugin write down all they are doing, in the middle of an apply, and end.
func (s *search) crash(t *testing.T, net *acctest.Devnet, owner string) {
	t.Helper()
	s.w.Setenv("TF_LOG_PATH", filepath.Join(s.w.Dir, "crash.log"))
	s.w.Setenv("GOTRACEBACK", "all")
	cmd := s.w.Command(t.Context(), "apply", "-auto-approve", "-input=false", "-no-color")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	require.NoError(t, cmd.Start())
	acctest.Eventually(t, "a lease", func() bool {
		found := net.Deployments(t, owner, "active")
		return len(found) == 1 && slices.ContainsFunc(
			net.Leases(t, chain.DeploymentIDOf(found[0].Deployment.ID).String()), isActive)
	})
	require.NoError(t, syscall.Kill(-cmd.Process.Pid, syscall.SIGQUIT))
	require.Error(t, cmd.Wait())
	require.Contains(t, out.String(), "goroutine ", "it crashed")
	s.look(t, "the crash's output", out.Bytes(), false)
	s.files(t)
	s.w.Setenv("GOTRACEBACK", "")
	_ = os.Remove(filepath.Join(s.w.Dir, ".terraform.tfstate.lock.info")) // its owner is dead
}

// isActive reports whether a lease runs.
func isActive(l marketv1.Lease) bool { return l.State == marketv1.Lease_active }

// files looks through every file that a run may have written.
func (s *search) files(t *testing.T) {
	t.Helper()
	journals := 0
	for _, dir := range []string{s.w.Dir, s.w.StateDir, s.home, s.scratch} {
		require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil //nolint:nilerr // a plugin that ends may still remove files
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return nil //nolint:nilerr // the same
			}
			if dir == s.w.StateDir {
				journals++
			}
			if archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
				s.plans++
				s.archive(t, path, archive)
				return nil
			}
			if filepath.Ext(path) == ".log" {
				require.Contains(t, string(content), "[TRACE]", path)
				s.logs++
			}
			s.look(t, path, content, strings.HasPrefix(filepath.Base(path), "terraform.tfstate"))
			return nil
		}))
	}
	require.Positive(t, journals, "%s is where journal and cache are", journal.EnvStateDir)
}

// archive looks into a saved plan.
func (s *search) archive(t *testing.T, path string, archive *zip.Reader) {
	t.Helper()
	require.NotEmpty(t, archive.File)
	for _, file := range archive.File {
		reader, err := file.Open()
		require.NoError(t, err)
		content, err := io.ReadAll(reader)
		require.NoError(t, err)
		s.look(t, path+" → "+file.Name, content, slices.Contains([]string{"tfplan", "tfstate", "tfstate-prev"}, file.Name))
	}
}

// look looks for every secret in a text. keeps is true for a state or plan.
func (s *search) look(t *testing.T, where string, content []byte, keeps bool) {
	t.Helper()
	for _, p := range s.all {
		at := p.find(content)
		if at < 0 {
			continue
		}
		if p.stored && keeps {
			if s.stored == nil {
				s.stored = map[string]bool{}
			}
			s.stored[p.name] = true
			continue
		}
		t.Errorf("%s is in %s: …%s…", p.name, where, content[max(0, at-200):min(len(content), at+100)])
	}
}
