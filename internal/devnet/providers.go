// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"time"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	auditv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/audit/v1"
	certv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/cert/v1"
	providerv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/provider/v1beta4"
)

// seller is one Akash provider from before genesis, when its gateway's address and
// certificate are settled, to the running simulator.
type seller struct {
	spec     akashprovider.Spec
	account  Account
	hostURI  string
	identity akashprovider.Identity
	listener net.Listener
	grpc     net.Listener // one port above
	running  *akashprovider.AkashProvider
}

// prepareSellers opens the gateways' listeners and makes certificates. On an
// error nothing stays open.
func prepareSellers(
	ctx context.Context, specs []akashprovider.Spec, accounts []Account,
) ([]*seller, error) {
	sellers := make([]*seller, len(specs))
	err := several(len(specs), func(i int) (err error) {
		sellers[i], err = prepareSeller(ctx, specs[i], accounts[i])
		return err
	})
	if err != nil {
		return nil, errors.Join(err, closeSellers(slices.DeleteFunc(sellers, func(s *seller) bool { return s == nil })))
	}
	return sellers, nil
}

func prepareSeller(ctx context.Context, spec akashprovider.Spec, account Account) (_ *seller, err error) {
	listener, above, err := listenPair(ctx)
	if err != nil {
		return nil, fmt.Errorf("listen for the gateway of %s: %w", spec.Name, err)
	}
	s := &seller{spec: spec, account: account, listener: listener, grpc: above}
	defer func() {
		if err != nil {
			err = errors.Join(err, closeSellers([]*seller{s}))
		}
	}()
	hostURI, host, err := spec.HostURI(listener.Addr())
	if err != nil {
		return nil, err
	}
	s.hostURI = hostURI
	if s.identity, err = akashprovider.NewIdentity(account.Address, host, time.Now()); err != nil {
		return nil, fmt.Errorf("identity of %s: %w", spec.Name, err)
	}
	return s, nil
}

// portTries is how often a pair of neighbouring free ports is looked for.
const portTries = 100

// listenPair takes two neighbouring ports: nothing on chain says where a gateway
// answers gRPC, and clients look one port above the one that is.
func listenPair(ctx context.Context) (lower, upper net.Listener, err error) {
	var config net.ListenConfig
	for range portTries {
		if lower, err = config.Listen(ctx, "tcp", loopback); err != nil {
			return nil, nil, err
		}
		address, ok := lower.Addr().(*net.TCPAddr)
		if !ok {
			return nil, nil, errors.Join(fmt.Errorf("not a TCP address: %s", lower.Addr()), lower.Close())
		}
		next := net.JoinHostPort(address.IP.String(), strconv.Itoa(address.Port+1))
		if upper, err = config.Listen(ctx, "tcp", next); err == nil {
			return lower, upper, nil
		}
		if err := lower.Close(); err != nil {
			return nil, nil, err
		}
	}
	return nil, nil, fmt.Errorf("no two neighbouring ports are free: %w", err)
}

// register puts the Akash providers into genesis, so that they need no
// transaction to begin.
func register(sellers []*seller, genesis *app.Genesis) {
	for _, s := range sellers {
		genesis.Providers = append(genesis.Providers, providerv1beta4.Provider{
			Owner: s.account.Address, HostURI: s.hostURI,
			Attributes: s.spec.AttributeList(),
			Info:       providerv1beta4.Info{Email: s.spec.Name + "@devnet.test", Website: "https://devnet.test"},
		})
		for _, auditor := range s.spec.AuditedBy {
			genesis.Audits = append(genesis.Audits, auditv1.AuditedProvider{
				Owner: s.account.Address, Auditor: auditor, Attributes: s.spec.AttributeList(),
			})
		}
		genesis.Certificates = append(genesis.Certificates, certv1.GenesisCertificate{
			Owner: s.account.Address,
			Certificate: certv1.Certificate{
				State: certv1.State_valid, Cert: s.identity.CertPEM, Pubkey: s.identity.PubKeyPEM,
			},
		})
	}
}

// sendersAtOnce bounds how many Akash providers sign and send at the same moment, so that a market of hundreds leaves
// room for its tenants.
const sendersAtOnce = 4

// startSellers sets the Akash providers going once the chain serves. One watcher follows the chain for all of them.
func (n *Network) startSellers(ctx context.Context) error {
	watcher := akashprovider.NewWatcher(akashprovider.WatcherConfig{
		Conn: n.servers.conn, Encoding: n.app.Encoding(), Next: n.heights.feed.next, BlockTime: n.opts.BlockTime,
		Seed: n.opts.Seed, Logger: n.opts.Logger.Named("watcher"),
	})
	turns := make(chan struct{}, sendersAtOnce)
	if err := several(len(n.sellers), func(i int) error {
		return n.startSeller(ctx, n.sellers[i], watcher, turns)
	}); err != nil {
		return err
	}
	if err := watcher.Start(ctx, n.Height()); err != nil {
		return err
	}
	n.watcher = watcher
	return nil
}

func (n *Network) startSeller(
	ctx context.Context, s *seller, watcher *akashprovider.Watcher, turns chan struct{},
) error {
	enc := n.app.Encoding()
	w, err := wallet.New(wallet.Config{
		Conn: n.servers.conn, ChainID: n.opts.ChainID, Key: s.account.key, Encoding: &enc,
		Await: n.heights.results.await, Turns: turns,
	})
	if err != nil {
		return fmt.Errorf("wallet of %s: %w", s.spec.Name, err)
	}
	saved, err := n.savedWorkloads(s.account.Address)
	if err != nil {
		return fmt.Errorf("workloads of %s: %w", s.spec.Name, err)
	}
	s.running, err = akashprovider.Start(ctx, akashprovider.Config{
		Spec: s.spec, Identity: s.identity, Conn: n.servers.conn, Wallet: w, Listener: s.listener,
		GRPCListener: s.grpc, ChainID: n.opts.ChainID, Seed: n.opts.Seed, BlockTime: n.opts.BlockTime,
		Watcher: watcher, Encoding: &enc, Saved: saved, Logger: n.opts.Logger.Named(s.spec.Name),
	})
	return err
}

func closeSellers(sellers []*seller) error {
	var errs []error
	for _, s := range sellers {
		if s.running != nil {
			errs = append(errs, s.running.Close())
			continue
		}
		errs = append(errs, s.listener.Close(), s.grpc.Close())
	}
	return errors.Join(errs...)
}
