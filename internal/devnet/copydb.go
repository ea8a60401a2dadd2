// SPDX-License-Identifier: Apache-2.0

package devnet

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	cmtdb "github.com/cometbft/cometbft-db"
	dbm "github.com/cosmos/cosmos-db"
)

// copyEvery is after how many entries a copy looks at its context.
const copyEvery = 1000

// entries is what the iterators of both kinds of databases have in common.
type entries interface {
	Valid() bool
	Next()
	Key() []byte
	Value() []byte
	Error() error
	Close() error
}

func copyDB(ctx context.Context, to, from dbm.DB) error {
	all, err := from.Iterator(nil, nil)
	if err != nil {
		return err
	}
	return copyEntries(ctx, to.Set, all)
}

func copyCometDB(ctx context.Context, to, from cmtdb.DB) error {
	all, err := from.Iterator(nil, nil)
	if err != nil {
		return err
	}
	return copyEntries(ctx, to.Set, all)
}

// copyEntries closes the iterator.
func copyEntries(ctx context.Context, set func(key, value []byte) error, all entries) (err error) {
	defer func() { err = errors.Join(err, all.Close()) }()
	for i := 0; all.Valid(); i++ {
		if i%copyEvery == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		// An iterator may use its memory again, and a database in memory keeps what it is given.
		if err := set(bytes.Clone(all.Key()), bytes.Clone(all.Value())); err != nil {
			return err
		}
		all.Next()
	}
	return all.Error()
}

// copyFiles copies what is under one folder to another, for nobody else's eyes. Existing files are an error.
func copyFiles(to, from string) error {
	return filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return os.MkdirAll(filepath.Join(to, relative), dirMode)
		}
		return copyFile(filepath.Join(to, relative), path)
	})
}

func copyFile(to, from string) (err error) {
	in, err := os.Open(from) //nolint:gosec // the caller's own folder
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, secretMode) //nolint:gosec // the caller's own folder
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}
