// SPDX-License-Identifier: Apache-2.0

package conformance_test

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	rpchttp "github.com/cometbft/cometbft/rpc/client/http"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	grpccredentials "google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/wallet"
	"github.com/akash-iac/terraform-provider-akash/internal/pb"
)

const (
	devnetBlockTime = 100 * time.Millisecond
	// On the devnet a lease can be reclaimed within a test.
	devnetReclamationWindow = 4 * time.Second
	// Checks wait far more than they compute, so more of them run at once than there are cores.
	parallelChecks = "12"
	// maxMessageBytes is for lists on chains with many deployments.
	maxMessageBytes = 64 << 20
)

// world is the chain under test, shared by all tests. Everything in it is an
// endpoint or derived from one. Safe for concurrent use.
type world struct {
	place
	conn     *grpc.ClientConn
	comet    *rpchttp.HTTP
	encoding pb.Encoding
	pool     *pool
}

var (
	own      *devnet.Network // nil on a foreign chain; nothing but its start, its end and its addresses are used
	ownMutex sync.Mutex

	// theWorld is made once, by the first test that needs it.
	theWorld = sync.OnceValues(makeWorld)
)

func TestMain(m *testing.M) {
	flag.Parse()
	if parallel := flag.Lookup("test.parallel"); parallel.Value.String() == parallel.DefValue {
		_ = flag.Set("test.parallel", parallelChecks) // a number always parses
	}
	code := m.Run()
	ownMutex.Lock()
	defer ownMutex.Unlock()
	if own != nil {
		if err := own.Stop(); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, "stop devnet:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// chain gives the chain under test, started on first use.
func chain(t *testing.T) *world {
	t.Helper()
	w, err := theWorld()
	require.NoError(t, err)
	return w
}

func makeWorld() (*world, error) {
	// The world outlives the test that happens to be the first.
	ctx := context.Background()
	at, foreign, err := readPlaceFromEnvironment()
	if err != nil {
		return nil, err
	}
	if !foreign {
		if at, err = startDevnet(ctx); err != nil {
			return nil, err
		}
	}
	pb.SetBech32Prefixes()
	w := &world{place: at}
	if w.encoding, err = pb.NewEncoding(); err != nil {
		return nil, err
	}
	target, transport := dialing(at.grpc)
	w.conn, err = grpc.NewClient(target, grpc.WithTransportCredentials(transport),
		grpc.WithDefaultCallOptions(
			grpc.ForceCodec(w.encoding.Codec.GRPCCodec()), grpc.MaxCallRecvMsgSize(maxMessageBytes)))
	if err != nil {
		return nil, err
	}
	if w.comet, err = rpchttp.New(at.rpc, "/websocket"); err != nil {
		return nil, err
	}
	if err := w.comet.Start(); err != nil { // opens the websocket, for subscriptions
		return nil, err
	}
	w.pool, err = w.makePool(ctx)
	return w, err
}

// dialing reads how gRPC is reached: host:port and http:// are without TLS, https:// is with it.
func dialing(endpoint string) (target string, transport grpccredentials.TransportCredentials) {
	if host, ok := strings.CutPrefix(endpoint, "https://"); ok {
		return host, grpccredentials.NewTLS(&tls.Config{MinVersion: tls.VersionTLS12})
	}
	return strings.TrimPrefix(endpoint, "http://"), insecure.NewCredentials()
}

// startDevnet starts the chain that is tested when no other is named.
func startDevnet(ctx context.Context) (place, error) {
	n, err := devnet.Start(ctx, devnet.Options{
		BlockTime: devnetBlockTime, MinReclamationWindow: devnetReclamationWindow,
	})
	if err != nil {
		return place{}, err
	}
	ownMutex.Lock()
	own = n
	ownMutex.Unlock()
	tenant, ok := n.Account(devnet.Tenant)
	if !ok {
		return place{}, errors.New("the devnet has no tenant")
	}
	at := place{
		rpc: n.RPC(), grpc: n.GRPC(), rest: n.REST(), chainID: n.ChainID(),
		mnemonic: tenant.Mnemonic, hdPath: tenant.HDPath,
	}
	for _, p := range n.AkashProviders() {
		at.sellers = append(at.sellers, p.Address())
	}
	return at, nil
}

func (w *world) wallet(hdPath string) (*wallet.Wallet, error) {
	return wallet.New(wallet.Config{
		Conn: w.conn, ChainID: w.chainID, Mnemonic: w.mnemonic, HDPath: hdPath, Encoding: &w.encoding,
	})
}

// height is the last committed block's.
func (w *world) height(t *testing.T) int64 {
	t.Helper()
	status, err := w.comet.Status(t.Context())
	require.NoError(t, err)
	return status.SyncInfo.LatestBlockHeight
}

// waitHeight returns once a height is committed.
func (w *world) waitHeight(t *testing.T, height int64) {
	t.Helper()
	eventually(t, fmt.Sprintf("height %d", height), func() bool { return w.height(t) >= height })
}
