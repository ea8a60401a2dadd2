// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/gofrs/flock"
)

// Entry is an intent this process holds. Every change is on disk when the method returns. Safe for concurrent use.
type Entry struct {
	journal *Journal
	path    string
	lock    *flock.Flock

	mu     sync.Mutex
	intent Intent
	done   bool
	gone   bool
}

// Intent returns a copy of what the entry says.
func (e *Entry) Intent() Intent {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.intent
}

// Broadcasting records that a transaction is about to be sent that can land until timeout.
func (e *Entry) Broadcasting(txHash string, timeout time.Time) error {
	return e.update(func(i *Intent) {
		i.TxHash, i.TxTimeout, i.Phase = txHash, timeout.UTC(), PhaseBroadcast
	})
}

// Created records that the chain holds the deployment.
func (e *Entry) Created() error {
	return e.update(func(i *Intent) { i.Phase = PhaseCreated })
}

// Done says that what came of the intent was handed to Terraform, and when. The file of a deployment stays until the id
// comes back as prior state ([Journal.Retire]) or the process ends normally ([Journal.Close]): until then Terraform may
// lose it. The others stay for [keepDone]. An error means that the file does not say so; this process knows it still.
func (e *Entry) Done() error {
	e.mu.Lock()
	e.done = true
	noted := e.gone || !e.intent.DoneAt.IsZero()
	e.mu.Unlock()
	if noted {
		return nil
	}
	return e.update(func(i *Intent) { i.DoneAt = e.journal.now().UTC() })
}

func (e *Entry) isDone() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.done
}

// Drop removes the entry: the chain holds nothing of it and never will, or the state holds all of it.
func (e *Entry) Drop() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		return nil
	}
	e.gone = true
	e.journal.letGo(e)
	return errors.Join(removeIfThere(e.path), unlockAndRemove(e.lock))
}

// Leave gives the entry up for the next run, in this process or another: the file stays, the lock goes.
func (e *Entry) Leave() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		return nil
	}
	e.gone = true
	e.journal.letGo(e)
	return e.lock.Unlock()
}

// release gives the entry up at a normal end.
func (e *Entry) release(at time.Time) error {
	e.mu.Lock()
	done := e.done && e.intent.Kind.opens() && !e.intent.DoneAt.After(at)
	e.mu.Unlock()
	if done {
		return e.Drop()
	}
	return e.Leave()
}

func (e *Entry) update(change func(*Intent)) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		return errors.New("the journal entry was given up already")
	}
	changed := e.intent
	change(&changed)
	if err := e.replace(changed); err != nil {
		return err
	}
	e.intent = changed
	return nil
}

// create puts the file there whole, for the first time, and fails if it exists.
func (e *Entry) create() error {
	temporary, err := e.writeTemporary(e.intent)
	if err != nil {
		return err
	}
	err = os.Link(temporary, e.path)
	if errors.Is(err, fs.ErrExist) {
		err = fmt.Errorf("%s: %w", e.intent.ID(), ErrExists)
	}
	return errors.Join(err, os.Remove(temporary), syncFolder(filepath.Dir(e.path)))
}

// replace swaps the file's content in one step: a reader sees the old or the new one, never half.
func (e *Entry) replace(intent Intent) error {
	temporary, err := e.writeTemporary(intent)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, e.path); err != nil {
		return fmt.Errorf("write the journal entry: %w", err)
	}
	return syncFolder(filepath.Dir(e.path))
}

// writeTemporary writes the intent to a synced file beside the entry.
func (e *Entry) writeTemporary(intent Intent) (string, error) {
	text, err := json.MarshalIndent(intent, "", "  ")
	if err != nil {
		return "", fmt.Errorf("encode the journal entry: %w", err)
	}
	f, err := os.CreateTemp(filepath.Dir(e.path), filepath.Base(e.path)+".*.tmp") // made with mode 0600
	if err != nil {
		return "", fmt.Errorf("write the journal entry: %w", err)
	}
	if err := writeAndSync(f, append(text, '\n')); err != nil {
		return "", errors.Join(err, os.Remove(f.Name()))
	}
	return f.Name(), nil
}

func writeAndSync(f *os.File, text []byte) error {
	_, err := f.Write(text)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write the journal entry: %w", err)
	}
	return nil
}

// syncFolder makes a new name survive a crash of the machine; Windows has no such call.
func syncFolder(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir) //nolint:gosec // a path made by this package
	if err != nil {
		return fmt.Errorf("sync the journal's folder: %w", err)
	}
	if err := errors.Join(d.Sync(), d.Close()); err != nil {
		return fmt.Errorf("sync the journal's folder: %w", err)
	}
	return nil
}
