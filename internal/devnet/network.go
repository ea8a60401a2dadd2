// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/cometbft/cometbft/crypto"
	cmtnode "github.com/cometbft/cometbft/node"
	dbm "github.com/cosmos/cosmos-db"
	sdk "github.com/cosmos/cosmos-sdk/types"
	"google.golang.org/grpc"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/akashprovider"
	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app"
)

// Network is a running devnet. Its methods are safe for concurrent use. Several
// may live in one process.
type Network struct {
	opts     Options
	home     home
	db       dbm.DB
	app      *app.App
	node     *cmtnode.Node
	heights  *heights
	signer   crypto.PrivKey
	clock    clock
	faults   faultBox
	pace     pace
	servers  *servers
	accounts []Account
	sellers  []*seller
	watcher  *akashprovider.Watcher
	// firstBlock is how long the start took until the chain had a block.
	firstBlock time.Duration

	stopOnce sync.Once
	stopErr  error
}

// Start brings a network up and returns once it has a block and its Akash
// providers bid. ctx bounds the start only; the network runs until [Network.Stop].
func Start(ctx context.Context, opts Options) (_ *Network, err error) {
	began := time.Now()
	opts, err = opts.withDefaults()
	if err != nil {
		return nil, fmt.Errorf("start devnet: %w", err)
	}
	n := &Network{opts: opts, pace: pace{blockTime: opts.BlockTime, atRest: make(chan func(int64))}}
	n.faults.set(opts.Faults)
	defer func() {
		if err != nil {
			err = fmt.Errorf("start devnet: %w", errors.Join(err, n.Stop()))
		}
	}()
	if n.home, err = openHome(opts.Dir, opts.From, opts.ChainID); err != nil {
		return nil, err
	}
	genesis, err := n.genesis(ctx)
	if err != nil {
		return nil, err
	}
	if err := n.startChain(ctx, genesis); err != nil {
		return nil, err
	}
	if n.servers, err = startServers(ctx, opts, &n.faults, n.app, n.node); err != nil {
		return nil, err
	}
	n.resumeClock()
	before, _ := n.heights.now()
	if err := n.node.Start(); err != nil {
		return nil, fmt.Errorf("start node: %w", err)
	}
	if err := n.heights.wait(ctx, before+1); err != nil {
		return nil, err
	}
	n.firstBlock = time.Since(began)
	return n, n.startSellers(ctx)
}

// genesis makes the accounts and Akash providers and the state that knows them.
func (n *Network) genesis(ctx context.Context) (app.Genesis, error) {
	genesis := app.DefaultGenesis()
	var names []string
	for _, spec := range n.opts.AkashProviders {
		names = append(names, spec.Name)
	}
	accounts, err := makeAccounts(names)
	if err != nil {
		return genesis, err
	}
	n.accounts = accounts
	sellerAccounts := accounts[len(accounts)-len(names):]
	if n.sellers, err = prepareSellers(ctx, n.opts.AkashProviders, sellerAccounts); err != nil {
		return genesis, err
	}
	register(n.sellers, &genesis)
	funded := make([]FundedAccount, 0, len(accounts)+len(n.opts.Accounts))
	for _, acc := range accounts {
		if !acc.coins.Empty() {
			funded = append(funded, FundedAccount{Address: acc.Address, Coins: acc.coins})
		}
	}
	known := map[string]int{}
	for _, acc := range append(funded, n.opts.Accounts...) {
		address, err := sdk.AccAddressFromBech32(acc.Address)
		if err != nil {
			return genesis, fmt.Errorf("funded account %q: %w", acc.Address, err)
		}
		if i, ok := known[acc.Address]; ok {
			genesis.Accounts[i].Coins = genesis.Accounts[i].Coins.Add(acc.Coins...)
			continue
		}
		known[acc.Address] = len(genesis.Accounts)
		genesis.Accounts = append(genesis.Accounts, app.Account{Address: address, Coins: acc.Coins.Sort()})
	}
	if n.opts.MinReclamationWindow != 0 {
		genesis.Market.MinReclamationWindow = n.opts.MinReclamationWindow
	}
	return genesis, n.opts.Economy.apply(&genesis, oracleAddress(accounts), time.Now())
}

// startChain builds application and node; the node is not running yet.
func (n *Network) startChain(ctx context.Context, genesis app.Genesis) (err error) {
	if n.db, err = n.home.appDB(ctx); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	log := n.opts.Logger.Named("chain")
	if n.app, err = app.New(n.db, sdkLogger{log}, n.opts.ChainID); err != nil {
		return err
	}
	deployments, err := n.running()
	if err != nil {
		return err
	}
	if err := n.app.SetRunning(deployments); err != nil {
		return err
	}
	genesis.Escrow = app.Held(deployments)
	state, err := genesis.JSON(n.app.Encoding().Codec)
	if err != nil {
		return err
	}
	if n.node, err = n.makeNode(ctx, state, log); err != nil {
		return err
	}
	n.heights, err = followHeights(ctx, n.node.EventBus(), n.node.BlockStore().Height())
	return err
}

// ChainID names the chain.
func (n *Network) ChainID() string { return n.opts.ChainID }

// BlockTime is the pause between blocks.
func (n *Network) BlockTime() time.Duration { return n.opts.BlockTime }

// RPC is CometBFT's endpoint, "http://host:port".
func (n *Network) RPC() string { return "http://" + n.servers.rpcAddr }

// GRPC is the gRPC endpoint, "host:port", without TLS.
func (n *Network) GRPC() string { return n.servers.grpcAddr }

// REST is the REST endpoint, "http://host:port".
func (n *Network) REST() string { return "http://" + n.servers.restAddr }

// Conn reaches the chain's gRPC inside the process, for looking at its state and for
// deeds that no fault may hit; closed by [Network.Stop].
func (n *Network) Conn() grpc.ClientConnInterface { return n.servers.conn }

// Accounts are the devnet's keys: the named ones, then the Akash providers'.
func (n *Network) Accounts() []Account { return append([]Account(nil), n.accounts...) }

// Account finds an account by name.
func (n *Network) Account(name string) (Account, bool) {
	for _, acc := range n.accounts {
		if acc.Name == name {
			return acc, true
		}
	}
	return Account{}, false
}

// AkashProviders are the running simulators, in the order of [Options.AkashProviders].
func (n *Network) AkashProviders() []*akashprovider.AkashProvider {
	var out []*akashprovider.AkashProvider
	for _, s := range n.sellers {
		out = append(out, s.running)
	}
	return out
}

// Height is the last committed block's.
func (n *Network) Height() int64 {
	height, _ := n.heights.now()
	return height
}

// WaitHeight returns once a height is committed, or with an error when ctx ends
// or the network stops before.
func (n *Network) WaitHeight(ctx context.Context, height int64) error {
	return n.heights.wait(ctx, height)
}

// Stop ends Akash providers, endpoints and node, and removes the files of a
// network in memory. A second call returns the first one's result.
func (n *Network) Stop() error {
	n.stopOnce.Do(func() { n.stopErr = n.stop() })
	return n.stopErr
}

func (n *Network) stop() error {
	if n.watcher != nil {
		n.watcher.Close()
	}
	errs := []error{closeSellers(n.sellers)}
	if n.servers != nil {
		errs = append(errs, n.servers.stop())
	}
	if n.node != nil && n.node.IsRunning() {
		errs = append(errs, n.node.Stop())
		n.node.Wait()
	}
	if n.heights != nil {
		n.heights.stop()
	}
	if n.app != nil {
		errs = append(errs, n.app.Close()) // closes the database too
	} else if n.db != nil {
		errs = append(errs, n.db.Close())
	}
	return errors.Join(append(errs, n.home.release())...)
}
