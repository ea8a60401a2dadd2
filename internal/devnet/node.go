// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	cmtdb "github.com/cometbft/cometbft-db"
	cmtcfg "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/crypto/ed25519"
	cmtnode "github.com/cometbft/cometbft/node"
	"github.com/cometbft/cometbft/p2p"
	"github.com/cometbft/cometbft/privval"
	"github.com/cometbft/cometbft/proxy"
	cmttypes "github.com/cometbft/cometbft/types"
	dbm "github.com/cosmos/cosmos-db"
	"github.com/hashicorp/go-hclog"
)

const (
	validatorPower = 10
	appDBName      = "application"
	dirMode        = 0o700
	chainIDFile    = "chain_id"
)

// home is where a network keeps its files: for good, or for its life.
type home struct {
	dir       string
	temporary bool
	// opened are CometBFT's databases; it leaves one of them, the index of transactions, open.
	opened *[]cmtdb.DB
}

// openHome makes or opens the directory. One that holds another chain is refused.
func openHome(dir, chainID string) (home, error) {
	if dir == "" {
		// CometBFT keeps its write-ahead log in a file even when all else is in memory.
		tmp, err := os.MkdirTemp("", "akash-devnet-")
		return home{dir: tmp, temporary: true, opened: &[]cmtdb.DB{}}, err
	}
	for _, sub := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), dirMode); err != nil {
			return home{}, err
		}
	}
	h := home{dir: dir, opened: &[]cmtdb.DB{}}
	path := filepath.Join(dir, chainIDFile)
	known, err := os.ReadFile(path) //nolint:gosec // the caller's own directory
	if errors.Is(err, os.ErrNotExist) {
		return h, os.WriteFile(path, []byte(chainID), 0o600)
	}
	if err == nil && string(known) != chainID {
		err = fmt.Errorf("directory %s holds chain %q, not %q", dir, known, chainID)
	}
	return h, err
}

func (h home) appDB() (dbm.DB, error) {
	if h.temporary {
		return dbm.NewMemDB(), nil
	}
	return dbm.NewDB(appDBName, dbm.GoLevelDBBackend, filepath.Join(h.dir, "data"))
}

func (h home) cometDB(ctx *cmtcfg.DBContext) (cmtdb.DB, error) {
	if h.temporary {
		return cmtdb.NewMemDB(), nil
	}
	db, err := cmtcfg.DefaultDBProvider(ctx)
	if err == nil {
		*h.opened = append(*h.opened, db)
	}
	return db, err
}

// release closes what the node left open, once it has stopped, and removes
// temporary files.
func (h home) release() error {
	if h.opened != nil {
		for _, db := range *h.opened {
			_ = db.Close() // an error says that the node closed it
		}
	}
	if !h.temporary {
		return nil
	}
	return os.RemoveAll(h.dir)
}

// keys are the validator's and the node's.
func (h home) keys(cfg *cmtcfg.Config) (cmttypes.PrivValidator, *p2p.NodeKey, error) {
	if h.temporary {
		return cmttypes.NewMockPV(), &p2p.NodeKey{PrivKey: ed25519.GenPrivKey()}, nil
	}
	nodeKey, err := p2p.LoadOrGenNodeKey(cfg.NodeKeyFile())
	if err != nil {
		return nil, nil, err
	}
	return privval.LoadOrGenFilePV(cfg.PrivValidatorKeyFile(), cfg.PrivValidatorStateFile()), nodeKey, nil
}

// cometConfig sets up one validator that talks to nobody. Its RPC is served by
// us, on a listener whose port we know.
func cometConfig(h home, blockTime time.Duration) *cmtcfg.Config {
	cfg := cmtcfg.DefaultConfig()
	cfg.SetRoot(h.dir)
	cfg.Moniker = "akash-devnet"
	cfg.DBBackend = string(dbm.GoLevelDBBackend)
	cfg.RPC.ListenAddress = ""
	cfg.P2P.ListenAddress = "tcp://" + loopback
	cfg.P2P.PexReactor = false
	cfg.P2P.AddrBookStrict = false
	cfg.Consensus.TimeoutCommit = blockTime
	cfg.Instrumentation.Prometheus = false
	return cfg
}

// makeNode makes the validator on the application; it does not run yet. On a
// directory with a chain, genesis is only read the first time.
func (n *Network) makeNode(ctx context.Context, appState json.RawMessage, log hclog.Logger) (*cmtnode.Node, error) {
	cfg := cometConfig(n.home, n.opts.BlockTime)
	key, nodeKey, err := n.home.keys(cfg)
	if err != nil {
		return nil, fmt.Errorf("validator keys: %w", err)
	}
	pub, err := key.GetPubKey()
	if err != nil {
		return nil, fmt.Errorf("validator key: %w", err)
	}
	genesis := &cmttypes.GenesisDoc{
		GenesisTime: n.clock.now(), ChainID: n.opts.ChainID, InitialHeight: 1,
		ConsensusParams: cmttypes.DefaultConsensusParams(), AppState: appState,
		Validators: []cmttypes.GenesisValidator{{Address: pub.Address(), PubKey: pub, Power: validatorPower}},
	}
	app := pacedApp{Application: n.app.ABCI(), pace: &n.pace, consensus: cfg.Consensus}
	node, err := cmtnode.NewNodeWithContext(
		ctx, cfg, validator{key, &n.clock}, nodeKey, proxy.NewLocalClientCreator(app),
		func() (*cmttypes.GenesisDoc, error) { return genesis, genesis.ValidateAndComplete() },
		n.home.cometDB, cmtnode.DefaultMetricsProvider(cfg.Instrumentation), cmtLogger{log})
	if err != nil {
		return nil, fmt.Errorf("make node: %w", err)
	}
	return node, nil
}
