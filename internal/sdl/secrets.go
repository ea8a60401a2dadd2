// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
)

// Secrets are values of a manifest that are kept apart from it and laid over it when it is hashed and when it is
// sent. They print their names only.
type Secrets struct {
	// Env is service to variable to value.
	Env map[string]map[string]string
	// Registry is the login by which a service's image is pulled, by service.
	Registry map[string]RegistryLogin
}

// RegistryLogin logs in to the registry of a private image. Email may be empty; the others are not.
type RegistryLogin struct{ Host, Email, Username, Password string }

// String hides username and password.
func (RegistryLogin) String() string { return "registry login" }

// GoString hides username and password.
func (r RegistryLogin) GoString() string { return r.String() }

// Names says what is laid over, without any value: env_wo.SERVICE.VARIABLE and registry_credentials_wo.SERVICE,
// sorted; nil for nothing.
func (s Secrets) Names() []string {
	var names []string
	for service, variables := range s.Env {
		for name := range variables {
			names = append(names, pathEnvWO+service+"."+name)
		}
	}
	for service := range s.Registry {
		names = append(names, pathRegistryWO+service)
	}
	slices.Sort(names)
	return names
}

// String is the names.
func (s Secrets) String() string { return fmt.Sprint(s.Names()) }

// GoString is the names.
func (s Secrets) GoString() string { return s.String() }

// Where secrets stand in a resource, for problems and names.
const (
	pathEnvWO      = "env_wo."
	pathRegistryWO = "registry_credentials_wo."
)

// WithSecrets lays secrets over the document as [Document.WithEnv] does variables; a login replaces the service's
// credentials. Unknown services and names that are not allowed are problems with the path env_wo.SERVICE or
// registry_credentials_wo.SERVICE; then there is no document. No message holds a value. The receiver does not change.
func (d *Document) WithSecrets(s Secrets) (*Document, Problems) {
	problems := checkEnvNames(pathEnvWO, s.Env, d.Services())
	problems = append(problems, checkServices(pathRegistryWO, sortedKeys(s.Registry), d.Services())...)
	if len(problems) > 0 {
		return nil, problems
	}
	out := *d
	out.manifest = clone(d.manifest)
	s.layOver(out.manifest)
	var err error
	if out.canonical, err = canonical(out.manifest); err != nil {
		return nil, Problems{{Path: "env_wo", Message: "the manifest does not encode"}}
	}
	return &out, nil
}

// ErrManifest is wrapped by the error of [ManifestWithSecrets] for a manifest that it cannot lay anything over.
var ErrManifest = errors.New("not a manifest of this version")

// ManifestWithSecrets lays secrets over a manifest as [Document.ManifestJSON] gives it, and gives exactly what
// [Document.WithSecrets] does. Without secrets it is the manifest itself. The error holds no value.
func ManifestWithSecrets(manifestJSON []byte, s Secrets) ([]byte, error) {
	names := s.Names()
	if len(names) == 0 {
		return slices.Clone(manifestJSON), nil
	}
	manifest, err := readManifest(manifestJSON)
	if err != nil {
		return nil, fmt.Errorf("%w: it cannot be read", ErrManifest)
	}
	// Whatever decoding would lose is found here, not by an Akash provider that refuses another hash.
	if same, err := canonical(manifest); err != nil || !bytes.Equal(same, manifestJSON) {
		return nil, fmt.Errorf("%w: it is not in canonical form", ErrManifest)
	}
	d := &Document{manifest: manifest}
	out, problems := d.WithSecrets(s)
	if out == nil {
		return nil, fmt.Errorf("%w: %s", ErrManifest, problems.Errors())
	}
	return out.canonical, nil
}

func (s Secrets) layOver(manifest []manifestGroup) {
	for _, g := range manifest {
		for i := range g.Services {
			service := &g.Services[i]
			service.Env = overlay(service.Env, s.Env[service.Name])
			if login, ok := s.Registry[service.Name]; ok {
				service.Credentials = &manifestCredentials{
					Host: login.Host, Email: login.Email, Username: login.Username, Password: login.Password,
				}
			}
		}
	}
}
