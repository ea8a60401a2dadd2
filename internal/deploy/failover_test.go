// SPDX-License-Identifier: Apache-2.0

package deploy_test

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cosmossdk.io/math"
	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/chain"
	"github.com/akash-iac/terraform-provider-akash/internal/chain/tx"
	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
)

// relay leads to an endpoint of the devnet, and can be cut: connections break, new ones are refused.
type relay struct {
	address, to string

	mu       sync.Mutex
	listener net.Listener
	open     []net.Conn
}

func relayTo(t *testing.T, to string) *relay {
	t.Helper()
	r := &relay{address: "127.0.0.1:0", to: to}
	r.mend(t)
	t.Cleanup(r.cut)
	return r
}

// mend takes connections again, at the address it had.
func (r *relay) mend(t *testing.T) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", r.address)
	require.NoError(t, err)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listener, r.address = listener, listener.Addr().String()
	go func() { // ends when the listener is closed
		for {
			here, err := listener.Accept()
			if err != nil {
				return
			}
			there, err := new(net.Dialer).DialContext(context.WithoutCancel(t.Context()), "tcp", r.to)
			if err != nil {
				_ = here.Close()
				continue
			}
			r.mu.Lock()
			r.open = append(r.open, here, there)
			r.mu.Unlock()
			go func() { _, _ = io.Copy(there, here); _ = there.Close() }()
			go func() { _, _ = io.Copy(here, there); _ = here.Close() }()
		}
	}()
}

func (r *relay) cut() {
	r.mu.Lock()
	defer r.mu.Unlock()
	_ = r.listener.Close()
	for _, c := range r.open {
		_ = c.Close()
	}
	r.open = nil
}

// staged is a client with something happening at a moment of each transaction's life.
type staged struct {
	*chain.Client
	beforeBroadcast, beforeLookUp func()
	looked                        atomic.Bool
}

func (s *staged) Broadcast(ctx context.Context, txBytes []byte) (chain.BroadcastResult, error) {
	s.looked.Store(false)
	if s.beforeBroadcast != nil {
		s.beforeBroadcast()
	}
	return s.Client.Broadcast(ctx, txBytes)
}

func (s *staged) FindTx(ctx context.Context, hash string) (chain.TxResult, error) {
	if s.beforeLookUp != nil && !s.looked.Swap(true) {
		s.beforeLookUp()
	}
	return s.Client.FindTx(ctx, hash)
}

// on is a run that reads and writes by these endpoints.
func (h *house) on(t *testing.T, cfg chain.Config, stage func(*chain.Client) tx.ChainAPI) run {
	t.Helper()
	cfg.ChainID = h.net.ChainID()
	client, err := chain.Dial(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, client.Close()) })
	engine, err := tx.New(tx.Config{Chain: stage(client), Key: h.key, BlockTime: h.net.BlockTime()})
	require.NoError(t, err)
	r := h.start(engine)
	config := r.Config
	config.Chain = client
	r.Deployer = deploy.New(config)
	return r
}

// Everything works while only one of RPC and gRPC answers.
func TestEndpoints_oneKindAnswers(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	closed := relayTo(t, "127.0.0.1:1")
	closed.cut()
	for name, cfg := range map[string]chain.Config{
		"gRPC":      {GRPC: []string{h.net.GRPC()}, RPC: []string{"http://" + closed.address}},
		"RPC":       {GRPC: []string{closed.address}, RPC: []string{h.net.RPC()}},
		"gRPC only": {GRPC: []string{h.net.GRPC()}},
		"RPC only":  {RPC: []string{h.net.RPC()}},
		"REST":      {GRPC: []string{closed.address}, REST: []string{h.net.REST()}},
	} {
		t.Run(name, func(t *testing.T) {
			r := h.on(t, cfg, func(c *chain.Client) tx.ChainAPI { return c })
			request, doc := web(t, map[string]string{"CASE": name})
			_, err := r.CheckFunds(t.Context(), deploy.Need{
				New: &request, Planned: request.Deposit.Amount, Deposits: 1, Refunds: math.LegacyZeroDec(),
			})
			require.NoError(t, err)
			opened, err := r.Open(t.Context(), request)
			require.NoError(t, err)
			lease, err := r.EnsureLease(t.Context(), leaseOf(opened.ID, doc))
			require.NoError(t, err)
			slot, err := r.RefreshSlot(t.Context(), opened.ID.Group(1))
			require.NoError(t, err)
			require.Equal(t, lease.ID, slot.LeaseID())
			require.NoError(t, r.CloseDeployment(t.Context(), opened.ID))
			_, err = r.RefreshDeployment(t.Context(), opened.ID)
			require.ErrorIs(t, err, deploy.ErrGone)
			opened.HandedOver()
		})
	}
	require.Empty(t, h.active(t))
}

// An endpoint that dies takes no transaction with it, whenever it dies.
func TestEndpoints_oneDiesUnderWay(t *testing.T) {
	t.Parallel()
	h := newHouse(t, devnet.Tenant, devnet.Options{})
	for name, stage := range map[string]func(*testing.T, *staged, *relay, *relay){
		"between simulation and broadcast": func(_ *testing.T, s *staged, first, _ *relay) {
			s.beforeBroadcast = first.cut
		},
		"while it is confirmed": func(_ *testing.T, s *staged, first, _ *relay) { s.beforeLookUp = first.cut },
		"one, then the other": func(t *testing.T, s *staged, first, second *relay) {
			s.beforeBroadcast = first.cut
			s.beforeLookUp = sync.OnceFunc(func() { second.cut(); first.mend(t) })
		},
		"both, for a while": func(t *testing.T, s *staged, first, second *relay) {
			s.beforeLookUp = sync.OnceFunc(func() {
				first.cut()
				second.cut()
				time.AfterFunc(time.Second, func() { second.mend(t) })
			})
		},
	} {
		for _, kinds := range []string{"gRPC and RPC", "RPC", "gRPC"} {
			t.Run(name+", "+kinds, func(t *testing.T) {
				grpcs := []*relay{relayTo(t, h.net.GRPC()), relayTo(t, h.net.GRPC())}
				rpc := strings.TrimPrefix(h.net.RPC(), "http://")
				rpcs := []*relay{relayTo(t, rpc), relayTo(t, rpc)}
				pair, cfg := []*relay{grpcs[0], rpcs[0]}, chain.Config{}
				switch kinds {
				case "RPC":
					pair = rpcs
					cfg.RPC = []string{"http://" + rpcs[0].address, "http://" + rpcs[1].address}
				case "gRPC":
					pair = grpcs
					cfg.GRPC = []string{grpcs[0].address, grpcs[1].address}
				default:
					cfg.GRPC, cfg.RPC = []string{grpcs[0].address}, []string{"http://" + rpcs[0].address}
				}
				r := h.on(t, cfg, func(c *chain.Client) tx.ChainAPI {
					s := &staged{Client: c}
					stage(t, s, pair[0], pair[1])
					return s
				})
				request, _ := web(t, map[string]string{"CASE": name + kinds})
				opened, err := r.Open(t.Context(), request)
				require.NoError(t, err)
				require.Len(t, h.active(t), 1, "once")
				require.NoError(t, h.start(nil).CloseDeployment(t.Context(), opened.ID))
			})
		}
	}
}
