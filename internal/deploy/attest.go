// SPDX-License-Identifier: Apache-2.0

package deploy

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"

	"github.com/akash-iac/terraform-provider-akash/internal/attest"
	"github.com/akash-iac/terraform-provider-akash/internal/attest/keyserver"
	"github.com/akash-iac/terraform-provider-akash/internal/gateway"
	"github.com/akash-iac/terraform-provider-akash/internal/ids"
)

// Attestation asks the confidential machines of a lease to prove what they are, once they run.
type Attestation struct {
	// Required makes a failed proof fail the call; else it is only told of.
	Required bool
	// Roots are whom to trust.
	Roots attest.Roots
	// Measurements are those allowed, 48 bytes each; none allows any.
	Measurements [][]byte
	// KeyServer is the address of the chip vendor's server, for certificates that the evidence lacks and for the list of
	// revoked ones; "" asks nobody.
	KeyServer string
}

// Attested is what machines have proved.
type Attested struct {
	// Services are those with confidential machines.
	Services map[string]AttestedService
	// Height is the newest block when the proofs were in.
	Height int64
}

// AttestedService is what the machines of a service have proved.
type AttestedService struct {
	Platform string
	// Measurements are of the machines, in hex digits, by replica.
	Measurements []string
	// RevocationChecked says that the vendor's list of revoked certificates was looked at.
	RevocationChecked bool
}

// unattestedError says which machine did not prove what it is.
type unattestedError struct {
	lease   ids.LeaseID
	service string
	replica int
	cause   error
}

func (u *unattestedError) Error() string {
	return fmt.Sprintf("replica %d of service %s of lease %s: %v", u.replica, u.service, u.lease, u.cause)
}

func (u *unattestedError) Unwrap() error { return u.cause }

// errSameMachine: one machine answered for two.
var errSameMachine = errors.New("the machine that answered is one that answered for another replica before, so the " +
	"gateway does not let each be asked; older gateways pass every question to the same one")

// proofs are what one attestation of a lease collects.
type proofs struct {
	client Gateway
	lease  ids.LeaseID
	policy Attestation
	seen   [][32]byte
	// fetched is what the key server said, by path.
	fetched map[string][]byte
}

// attest has every confidential machine of a lease prove what it is, or fails with an *unattestedError at the first
// that does not, or with errLeaseEnded. The request asks for it.
func (d *Deployer) attest(ctx context.Context, lease ids.LeaseID, request LeaseRequest) (*Attested, error) {
	services, err := confidentialServices(request.Manifest, request.GroupName)
	if err != nil {
		return nil, err
	}
	client, err := d.gatewayOf(ctx, lease.ProviderAddr)
	if err != nil {
		return nil, err
	}
	p := &proofs{client: client, lease: lease, policy: *request.Attestation, fetched: map[string][]byte{}}
	out := &Attested{Services: map[string]AttestedService{}}
	for _, service := range services {
		var made AttestedService
		for replica := range service.Count {
			proof, err := d.prove(ctx, p, service.Name, int(replica))
			if err != nil {
				if gone := d.stillLeased(ctx, request.Group, lease); errors.Is(gone, errLeaseEnded) {
					return nil, gone
				}
				return nil, &unattestedError{lease: lease, service: service.Name, replica: int(replica), cause: err}
			}
			d.Logger.Info("a machine proved what it is", "lease", lease.String(), "service", service.Name,
				"replica", replica, "platform", proof.Platform, "measurement", proof.Measurements[0])
			made.Platform, made.RevocationChecked = proof.Platform, proof.RevocationChecked
			made.Measurements = append(made.Measurements, proof.Measurements...)
		}
		out.Services[service.Name] = made
	}
	block, err := d.Chain.LatestBlock(ctx)
	if err != nil {
		return nil, err
	}
	out.Height = block.Height
	return out, nil
}

// prove asks one machine and judges its answer. Each question has a nonce of its own.
func (d *Deployer) prove(ctx context.Context, p *proofs, service string, replica int) (AttestedService, error) {
	ask := gateway.QuoteRequest{Service: service, Pod: replica}
	if _, err := rand.Read(ask.Nonce[:]); err != nil {
		return AttestedService{}, fmt.Errorf("a nonce: %w", err)
	}
	var quote gateway.Quote
	err := d.patiently(ctx, gateway.ErrUnavailable, func() (err error) {
		quote, err = p.client.AttestationQuote(ctx, p.lease, ask)
		return err
	})
	if err != nil {
		return AttestedService{}, err
	}
	if err := attest.CheckPlatform(quote.Platform); err != nil {
		return AttestedService{}, err
	}
	report, err := attest.Parse(quote.Report)
	if err != nil {
		return AttestedService{}, err
	}
	certificates, err := attest.Certificates(quote.CertChain, quote.AuxBlob)
	if err != nil {
		return AttestedService{}, err
	}
	if len(certificates) == 0 {
		if certificates, err = d.fetchKey(ctx, p, report); err != nil {
			return AttestedService{}, err
		}
	}
	now := d.Clock.Now()
	chain, err := attest.Verify(report, ask.Nonce, certificates, attest.Policy{
		Roots: p.policy.Roots, Measurements: p.policy.Measurements, Now: now,
	})
	if err != nil {
		return AttestedService{}, err
	}
	if slices.Contains(p.seen, report.ID) {
		return AttestedService{}, errSameMachine
	}
	p.seen = append(p.seen, report.ID)
	proof := AttestedService{Platform: quote.Platform, Measurements: []string{report.MeasurementText()}}
	if p.policy.KeyServer != "" {
		var list []byte
		if list, err = d.fetch(ctx, p, func(r attest.KeyRequest) string { return r.Revoked }, report); err == nil {
			err = attest.CheckRevoked(chain, list, now)
		}
		proof.RevocationChecked = err == nil
	}
	return proof, err
}

// fetchKey asks the key server for the certificate that the evidence lacks.
func (d *Deployer) fetchKey(ctx context.Context, p *proofs, report attest.Report) ([]*x509.Certificate, error) {
	if p.policy.KeyServer == "" {
		return nil, fmt.Errorf("%w: the evidence has no certificate, and attestation.key_server_url is empty",
			attest.ErrChain)
	}
	der, err := d.fetch(ctx, p, func(r attest.KeyRequest) string { return r.Certificate }, report)
	if err != nil {
		return nil, err
	}
	return attest.Certificates(der, nil)
}

// fetch asks the key server for what a report's chip line has under a path; where the line is not known, it is the
// first that has the certificate.
func (d *Deployer) fetch(
	ctx context.Context, p *proofs, of func(attest.KeyRequest) string, report attest.Report,
) ([]byte, error) {
	err := fmt.Errorf("%w: the CPU is of no product line that is known", attest.ErrUnsupported)
	for _, request := range report.KeyRequests() {
		if _, err = d.fetchOnce(ctx, p, request.Certificate); err == nil {
			return d.fetchOnce(ctx, p, of(request))
		}
		if !errors.Is(err, keyserver.ErrNotFound) {
			return nil, err
		}
	}
	return nil, err
}

func (d *Deployer) fetchOnce(ctx context.Context, p *proofs, path string) ([]byte, error) {
	if known, ok := p.fetched[path]; ok {
		return known, nil
	}
	err := d.patiently(ctx, keyserver.ErrUnavailable, func() error {
		body, err := keyserver.Get(ctx, p.policy.KeyServer, path)
		if err == nil {
			p.fetched[path] = body
		}
		return err
	})
	return p.fetched[path], err
}

// patiently repeats a call while its error may pass, for as long as a gateway may take to come back.
func (d *Deployer) patiently(ctx context.Context, passing error, call func() error) error {
	until := d.Clock.Now().Add(noticeTime)
	return d.poll(ctx, func() (bool, error) {
		err := call()
		if err != nil && errors.Is(err, passing) && ctx.Err() == nil && d.Clock.Now().Before(until) {
			return false, nil
		}
		return true, err
	})
}

// unattestedAdvice says what to do about machines that did not prove what they are.
func unattestedAdvice(err error) string {
	const known = "The manifest, with every value of its env, was delivered before anything could be proved: count its " +
		"secrets as known to that Akash provider, and change them. "
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "Run terraform apply again; raise timeouts.create (or update) if it only needs longer."
	case errors.Is(err, gateway.ErrUnauthorized):
		return "The gateway takes the manifest from these credentials and no question: a token of gateway_auth needs the " +
			"scope attestation besides those for a lease. Then run terraform apply again."
	case errors.Is(err, gateway.ErrUnavailable):
		return known + "Its gateway did not answer, or its machine cannot attest for now. Run terraform apply again, with " +
			"bid_policy.deny to keep this Akash provider out."
	case errors.Is(err, keyserver.ErrUnavailable), errors.Is(err, keyserver.ErrNotFound):
		return "Nothing speaks for or against the machine: the chip vendor's key server did not help. Run terraform apply " +
			"again, or set attestation.key_server_url to a cache of it that can be reached."
	case errors.Is(err, gateway.ErrNoAttestation), errors.Is(err, attest.ErrUnsupported), errors.Is(err, errSameMachine):
		return known + "The Akash provider may be honest and this version unable to tell. Keep it out with bid_policy.deny " +
			"and run terraform apply again for another, or set attestation.required = false to be warned only."
	case errors.Is(err, attest.ErrMeasurement):
		return known + "The machine is genuine and was launched with something else than attestation.measurements allows: " +
			"add its measurement if the Akash provider's update of it is one you expect, or keep it out with " +
			"bid_policy.deny. Then run terraform apply again."
	default:
		return known + "Keep this Akash provider out with bid_policy.deny, and run terraform apply again for another; to " +
			"give up and get the deposit back, run terraform destroy."
	}
}
