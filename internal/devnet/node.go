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
	"github.com/cometbft/cometbft/crypto"
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
	// restored tells that the files are those of a snapshot; a temporary home reads them once.
	restored bool
	// comet are CometBFT's databases by name; it leaves one of them, the index of transactions, open.
	comet map[string]cmtdb.DB
}

// openHome makes or opens the directory, and fills it from a snapshot unless from is "". One that holds another chain
// is refused, and one that holds any when there is a snapshot.
func openHome(dir, from, chainID string) (h home, err error) {
	h = home{dir: dir, temporary: dir == "", restored: from != "", comet: map[string]cmtdb.DB{}}
	if h.temporary {
		// CometBFT keeps its write-ahead log in a file even when all else is in memory.
		if h.dir, err = os.MkdirTemp("", "akash-devnet-"); err != nil {
			return home{}, err
		}
	}
	for _, sub := range []string{"config", "data"} {
		if err := os.MkdirAll(filepath.Join(h.dir, sub), dirMode); err != nil {
			return h, err
		}
	}
	path := filepath.Join(h.dir, chainIDFile)
	known, err := os.ReadFile(path) //nolint:gosec // the caller's own directory
	switch {
	case errors.Is(err, os.ErrNotExist):
		if h.restored {
			if err := h.fill(from); err != nil {
				return h, fmt.Errorf("restore the snapshot %s: %w", from, err)
			}
		}
		return h, os.WriteFile(path, []byte(chainID), secretMode)
	case err != nil:
		return h, err
	case h.restored:
		return h, fmt.Errorf("directory %s holds a chain already: a snapshot begins in an empty one", dir)
	case string(known) != chainID:
		return h, fmt.Errorf("directory %s holds chain %q, not %q", dir, known, chainID)
	}
	return h, nil
}

// fill copies the chain of a snapshot.
func (h home) fill(from string) error {
	for _, sub := range []string{"config", "data"} {
		if err := copyFiles(filepath.Join(h.dir, sub), filepath.Join(from, sub)); err != nil {
			return err
		}
	}
	return nil
}

// appDB is nil where the state is in memory only.
func (h home) appDB(ctx context.Context) (dbm.DB, error) {
	if h.temporary && !h.restored {
		return nil, nil //nolint:nilnil // see above
	}
	disk, err := dbm.NewDB(appDBName, dbm.GoLevelDBBackend, filepath.Join(h.dir, "data"))
	if err != nil || !h.temporary {
		return disk, err
	}
	memory := dbm.NewMemDB()
	return memory, errors.Join(copyDB(ctx, memory, disk), disk.Close())
}

func (h home) cometDB(ctx context.Context, of *cmtcfg.DBContext) (db cmtdb.DB, err error) {
	defer func() {
		if err == nil {
			h.comet[of.ID] = db
		}
	}()
	if h.temporary && !h.restored {
		return cmtdb.NewMemDB(), nil
	}
	disk, err := cmtcfg.DefaultDBProvider(of)
	if err != nil || !h.temporary {
		return disk, err
	}
	memory := cmtdb.NewMemDB()
	return memory, errors.Join(copyCometDB(ctx, memory, disk), disk.Close())
}

// release closes what the node left open, once it has stopped, and removes
// temporary files.
func (h home) release() error {
	for _, db := range h.comet {
		_ = db.Close() // an error says that the node closed it
	}
	if !h.temporary {
		return nil
	}
	return os.RemoveAll(h.dir)
}

// keys are the validator's, with what it signs with, and the node's.
func (h home) keys(cfg *cmtcfg.Config) (cmttypes.PrivValidator, crypto.PrivKey, *p2p.NodeKey, error) {
	switch {
	case h.temporary && h.restored:
		key, err := readKey(cfg.PrivValidatorKeyFile())
		if err != nil {
			return nil, nil, nil, err
		}
		pv := cmttypes.NewMockPVWithParams(key, false, false)
		return pv, key, &p2p.NodeKey{PrivKey: ed25519.GenPrivKey()}, nil
	case h.temporary:
		pv := cmttypes.NewMockPV()
		return pv, pv.PrivKey, &p2p.NodeKey{PrivKey: ed25519.GenPrivKey()}, nil
	}
	nodeKey, err := p2p.LoadOrGenNodeKey(cfg.NodeKeyFile())
	if err != nil {
		return nil, nil, nil, err
	}
	pv := privval.LoadOrGenFilePV(cfg.PrivValidatorKeyFile(), cfg.PrivValidatorStateFile())
	return pv, pv.Key.PrivKey, nodeKey, nil
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
	key, signer, nodeKey, err := n.home.keys(cfg)
	if err != nil {
		return nil, fmt.Errorf("validator keys: %w", err)
	}
	n.signer = signer
	// The first block need not wait for one before it; from then on pacedApp sets what blocks wait.
	cfg.Consensus.TimeoutCommit = 0
	pub := signer.PubKey()
	genesis := &cmttypes.GenesisDoc{
		GenesisTime: n.clock.now(), ChainID: n.opts.ChainID, InitialHeight: 1,
		ConsensusParams: cmttypes.DefaultConsensusParams(), AppState: appState,
		Validators: []cmttypes.GenesisValidator{{Address: pub.Address(), PubKey: pub, Power: validatorPower}},
	}
	app := pacedApp{Application: n.app.ABCI(), pace: &n.pace, consensus: cfg.Consensus}
	node, err := cmtnode.NewNodeWithContext(
		ctx, cfg, validator{key, &n.clock}, nodeKey, proxy.NewLocalClientCreator(app),
		func() (*cmttypes.GenesisDoc, error) { return genesis, genesis.ValidateAndComplete() },
		func(of *cmtcfg.DBContext) (cmtdb.DB, error) { return n.home.cometDB(ctx, of) },
		cmtnode.DefaultMetricsProvider(cfg.Instrumentation), cmtLogger{log})
	if err != nil {
		return nil, fmt.Errorf("make node: %w", err)
	}
	return node, nil
}
