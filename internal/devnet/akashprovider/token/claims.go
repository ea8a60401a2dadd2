// SPDX-License-Identifier: Apache-2.0

package token

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Scope is one thing a token may allow.
type Scope string

// The scopes of the network. Status of one service needs none, and migration asks for none.
const (
	ScopeSendManifest    Scope = "send-manifest"
	ScopeGetManifest     Scope = "get-manifest"
	ScopeLogs            Scope = "logs"
	ScopeShell           Scope = "shell"
	ScopeEvents          Scope = "events"
	ScopeStatus          Scope = "status"
	ScopeRestart         Scope = "restart"
	ScopeHostnameMigrate Scope = "hostname-migrate"
	ScopeIPMigrate       Scope = "ip-migrate"
	ScopeAttestation     Scope = "attestation"
)

var allScopes = []Scope{
	ScopeSendManifest, ScopeGetManifest, ScopeLogs, ScopeShell, ScopeEvents, ScopeStatus, ScopeRestart,
	ScopeHostnameMigrate, ScopeIPMigrate, ScopeAttestation,
}

const (
	accessFull     = "full"
	accessScoped   = "scoped"
	accessGranular = "granular"
)

// Claims are what a verified token says.
type Claims struct {
	Issuer    string // the owner, bech32
	NotBefore time.Time
	ExpiresAt time.Time
	Leases    Leases
}

// Leases says how far the token reaches.
type Leases struct {
	Access      string       `json:"access"`
	Scope       []Scope      `json:"scope"`
	Permissions []Permission `json:"permissions"`
}

// Permission narrows a granular token to one Akash provider.
type Permission struct {
	ProviderAddr string       `json:"provider"`
	Access       string       `json:"access"`
	Scope        []Scope      `json:"scope"`
	Deployments  []Deployment `json:"deployments"`
}

// Deployment narrows a permission to one deployment; zero gseq or oseq stands for any.
type Deployment struct {
	DSeq     uint64   `json:"dseq"`
	GSeq     uint32   `json:"gseq"`
	OSeq     uint32   `json:"oseq"`
	Scope    []Scope  `json:"scope"`
	Services []string `json:"services"`
}

// Need is what a request asks of a token. Zero GSeq and OSeq: a request about the deployment as a whole.
// An empty Scope asks for access to the lease alone.
type Need struct {
	ProviderAddr string
	DSeq         uint64
	GSeq, OSeq   uint32
	Scope        Scope
}

// Allows tells whether the token covers need. The listed services are not compared, as on the network.
func (l Leases) Allows(need Need) bool {
	switch l.Access {
	case accessFull:
		return true
	case accessScoped:
		return need.scopeIn(l.Scope)
	case accessGranular:
		for _, p := range l.Permissions {
			if p.ProviderAddr == need.ProviderAddr {
				return p.allows(need)
			}
		}
	}
	return false
}

// AllowsProvider tells whether the token may be shown to an Akash provider at all. Migration asks for no more.
func (l Leases) AllowsProvider(providerAddr string) bool {
	switch l.Access {
	case accessFull, accessScoped:
		return true
	case accessGranular:
		return slices.ContainsFunc(l.Permissions, func(p Permission) bool { return p.ProviderAddr == providerAddr })
	}
	return false
}

func (p Permission) allows(need Need) bool {
	switch p.Access {
	case accessFull:
		return true
	case accessScoped:
		return need.scopeIn(p.Scope)
	case accessGranular:
		return slices.ContainsFunc(p.Deployments, func(d Deployment) bool {
			return d.covers(need) && need.scopeIn(d.Scope)
		})
	}
	return false
}

func (d Deployment) covers(need Need) bool {
	return d.DSeq == need.DSeq &&
		(d.GSeq == 0 || need.GSeq == 0 || d.GSeq == need.GSeq) &&
		(d.OSeq == 0 || need.OSeq == 0 || d.OSeq == need.OSeq)
}

func (n Need) scopeIn(scopes []Scope) bool {
	return n.Scope == "" || slices.Contains(scopes, n.Scope)
}

var addressShape = regexp.MustCompile(`^akash1[a-z0-9]{38}$`)

// validate applies the network's schema to what the claims say about leases.
func (l Leases) validate() error {
	switch l.Access {
	case accessFull:
		if l.Scope != nil || l.Permissions != nil {
			return errors.New("full access takes neither scope nor permissions")
		}
		return nil
	case accessScoped:
		if l.Permissions != nil {
			return errors.New("scoped access takes no permissions")
		}
		return validateScopes(l.Scope)
	case accessGranular:
		if l.Scope != nil {
			return errors.New("granular access takes no scope")
		}
		return validatePermissions(l.Permissions)
	default:
		return fmt.Errorf("unknown access %q", l.Access)
	}
}

func validatePermissions(permissions []Permission) error {
	if len(permissions) == 0 {
		return errors.New("granular access needs permissions")
	}
	seen := map[string]bool{}
	for _, p := range permissions {
		if !addressShape.MatchString(p.ProviderAddr) || seen[p.ProviderAddr] {
			return fmt.Errorf("address %q is malformed or listed twice", p.ProviderAddr)
		}
		seen[p.ProviderAddr] = true
		if err := p.validate(); err != nil {
			return err
		}
	}
	return nil
}

func (p Permission) validate() error {
	switch p.Access {
	case accessFull:
		if p.Scope != nil || p.Deployments != nil {
			return errors.New("full access takes neither scope nor deployments")
		}
		return nil
	case accessScoped:
		if p.Deployments != nil {
			return errors.New("scoped access takes no deployments")
		}
		return validateScopes(p.Scope)
	case accessGranular:
		if p.Scope != nil || len(p.Deployments) == 0 {
			return errors.New("granular access needs deployments and takes no scope")
		}
		for _, d := range p.Deployments {
			if err := d.validate(); err != nil {
				return err
			}
		}
		return nil
	default:
		return fmt.Errorf("unknown access %q", p.Access)
	}
}

func (d Deployment) validate() error {
	if d.DSeq == 0 {
		return errors.New("deployment without dseq")
	}
	if d.OSeq != 0 && d.GSeq == 0 {
		return errors.New("oseq without gseq")
	}
	if len(d.Services) == 0 {
		return errors.New("deployment without services")
	}
	for i, name := range d.Services {
		if name == "" || slices.Contains(d.Services[:i], name) {
			return errors.New("service empty or listed twice")
		}
	}
	return validateScopes(d.Scope)
}

func validateScopes(scopes []Scope) error {
	if len(scopes) == 0 {
		return errors.New("no scope")
	}
	for i, s := range scopes {
		if !slices.Contains(allScopes, s) || slices.Contains(scopes[:i], s) {
			return fmt.Errorf("scope %q is unknown or listed twice", s)
		}
	}
	return nil
}
