// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	cmtcfg "github.com/cometbft/cometbft/config"
	"github.com/cometbft/cometbft/crypto"
	cmtjson "github.com/cometbft/cometbft/libs/json"
	"github.com/cometbft/cometbft/privval"
	cmttypes "github.com/cometbft/cometbft/types"
)

// A snapshot is a folder in the layout of [Options.Dir], without what consensus noted on its way, and with the files
// of workloads that only [Options.From] reads.
const (
	workloadsDir = "workloads"
	secretMode   = 0o600
	// indexPause is how often the index is asked for the last block, which it gets after everybody else.
	indexPause = 2 * time.Millisecond
)

// ErrSnapshotExists is the cause of [Network.Snapshot]'s error when the folder has something in it.
var ErrSnapshotExists = errors.New("the folder is not empty")

var errStopped = errors.New("the network has stopped")

// Snapshot writes the state of the chain after one whole block, and what runs at the Akash providers, into a new or
// empty folder, and returns the block's height. [Options.From] begins there as often as wanted. The chain stands still
// meanwhile, some milliseconds as a rule; transactions that wait for a block are not in the snapshot.
//
// The folder (0700) holds the manifests of running leases with the values of their env and their registries'
// passwords: treat it as you would those. It also holds the validator's key. Chain id, accounts and parameters are the
// network's; options, faults, the Akash providers' specs and the clock's offset are not kept, except as far as the last
// block's time lies ahead.
func (n *Network) Snapshot(ctx context.Context, dir string) (height int64, err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("snapshot into %s: %w", dir, err)
		}
	}()
	if entries, err := os.ReadDir(dir); err == nil && len(entries) > 0 {
		return 0, ErrSnapshotExists
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	// A snapshot that was cut off must not look like one.
	partial, err := os.MkdirTemp(filepath.Dir(filepath.Clean(dir)), "."+filepath.Base(dir)+"-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(partial) }() // it is gone when all went well
	if height, err = n.standStill(ctx, func(height int64) error { return n.copyTo(ctx, partial, height) }); err != nil {
		return 0, err
	}
	if err := os.Remove(dir); err != nil && !errors.Is(err, os.ErrNotExist) {
		return 0, err
	}
	return height, os.Rename(partial, dir)
}

// standStill runs work between two blocks, where blocks, their results and the application all stand at the same
// height, and returns that height.
func (n *Network) standStill(ctx context.Context, work func(height int64) error) (height int64, err error) {
	done := make(chan error, 1)
	inside := func(last int64) {
		height = last
		done <- work(last)
	}
	select {
	case n.pace.atRest <- inside:
	case <-n.heights.done:
		return 0, errStopped
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	// From here on consensus waits for the work, which minds ctx itself.
	err = <-done
	return height, err
}

// copyTo writes everything into a fresh folder.
func (n *Network) copyTo(ctx context.Context, dir string, height int64) error {
	if err := n.awaitIndex(ctx, height); err != nil {
		return err
	}
	into, err := openHome(dir, "", n.opts.ChainID)
	if err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, workloadsDir), dirMode); err != nil {
		return err
	}
	cfg := cometConfig(into, n.opts.BlockTime)
	if err := n.copyDatabases(ctx, into, cfg); err != nil {
		return err
	}
	if err := writeKey(cfg, n.signer); err != nil {
		return err
	}
	for _, s := range n.sellers {
		if s.running == nil {
			continue // still starting
		}
		text, err := s.running.Save()
		if err != nil {
			return fmt.Errorf("workloads of %s: %w", s.spec.Name, err)
		}
		if err := os.WriteFile(workloadsFile(dir, s.account.Address), text, secretMode); err != nil {
			return err
		}
	}
	return nil
}

func (n *Network) copyDatabases(ctx context.Context, into home, cfg *cmtcfg.Config) (err error) {
	own, err := into.appDB(ctx)
	if err != nil {
		return err
	}
	err = n.app.WriteState(ctx, own)
	if err := errors.Join(err, own.Close()); err != nil {
		return fmt.Errorf("copy the application: %w", err)
	}
	for name, db := range n.home.comet {
		copied, err := into.cometDB(ctx, &cmtcfg.DBContext{ID: name, Config: cfg})
		if err != nil {
			return err
		}
		err = copyCometDB(ctx, copied, db)
		if err := errors.Join(err, copied.Close()); err != nil {
			return fmt.Errorf("copy %s: %w", name, err)
		}
	}
	return nil
}

// awaitIndex returns once a block and its transactions can be searched for.
func (n *Network) awaitIndex(ctx context.Context, height int64) error {
	block := n.node.BlockStore().LoadBlock(height)
	if block == nil {
		return fmt.Errorf("block %d is not there", height)
	}
	tick := time.NewTicker(indexPause)
	defer tick.Stop()
	for {
		if indexed, err := n.indexed(block); err != nil || indexed {
			return err
		}
		if !n.node.IsRunning() {
			return errStopped
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for the index of block %d: %w", height, ctx.Err())
		case <-tick.C:
		}
	}
}

// indexed looks for the last of the block's transactions, since they come into the index together, after the block.
func (n *Network) indexed(block *cmttypes.Block) (bool, error) {
	known, err := n.servers.env.BlockIndexer.Has(block.Height)
	if err != nil || !known || len(block.Txs) == 0 {
		return known, err
	}
	last, err := n.servers.env.TxIndexer.Get(block.Txs[len(block.Txs)-1].Hash())
	return last != nil, err
}

// writeKey writes the validator's key, and that nothing has been signed with it: the blocks that were are in the
// snapshot.
func writeKey(cfg *cmtcfg.Config, key crypto.PrivKey) error {
	for path, content := range map[string]any{
		cfg.PrivValidatorKeyFile(): privval.FilePVKey{
			Address: key.PubKey().Address(), PubKey: key.PubKey(), PrivKey: key,
		},
		cfg.PrivValidatorStateFile(): privval.FilePVLastSignState{},
	} {
		text, err := cmtjson.Marshal(content)
		if err != nil {
			return err
		}
		if err := os.WriteFile(path, text, secretMode); err != nil {
			return err
		}
	}
	return nil
}

// readKey reads what writeKey wrote. Errors do not quote it.
func readKey(path string) (crypto.PrivKey, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the caller's own folder
	if err != nil {
		return nil, err
	}
	var key privval.FilePVKey
	if err := cmtjson.Unmarshal(text, &key); err != nil || key.PrivKey == nil {
		return nil, fmt.Errorf("%s holds no key of a validator", path)
	}
	return key.PrivKey, nil
}

// workloadsFile is where a snapshot has what runs at one Akash provider.
func workloadsFile(dir, address string) string {
	return filepath.Join(dir, workloadsDir, address+".json")
}

// savedWorkloads is what the snapshot has for an Akash provider; nil when it has nothing.
func (n *Network) savedWorkloads(address string) ([]byte, error) {
	if n.opts.From == "" {
		return nil, nil
	}
	text, err := os.ReadFile(workloadsFile(n.opts.From, address))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	return text, err
}
