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

// Done says that the id was handed to Terraform. The file stays until the id comes back as prior state
// ([Journal.Retire]) or the process ends normally ([Journal.Close]).
func (e *Entry) Done() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.done = true
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
	return errors.Join(removeIfThere(e.path), e.unlockAndRemoveLock())
}

// release gives the entry up at a normal end.
func (e *Entry) release() error {
	e.mu.Lock()
	done := e.done
	e.mu.Unlock()
	if done {
		return e.Drop()
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gone {
		return nil
	}
	e.gone = true
	e.journal.letGo(e)
	return e.lock.Unlock()
}

// unlockAndRemoveLock removes the lock file while it is locked, where the system allows that, so that nobody can
// lock a file that is about to vanish.
func (e *Entry) unlockAndRemoveLock() error {
	if runtime.GOOS == "windows" {
		return errors.Join(e.lock.Unlock(), removeIfThere(e.path+lockSuffix))
	}
	return errors.Join(removeIfThere(e.path+lockSuffix), e.lock.Unlock())
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

// create writes the file for the first time and fails if it exists.
func (e *Entry) create() error {
	text, err := encode(e.intent)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(e.path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, fileMode)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s: %w", e.intent.ID(), ErrExists)
	}
	if err != nil {
		return fmt.Errorf("write the journal entry: %w", err)
	}
	return errors.Join(writeAndSync(f, text), syncFolder(filepath.Dir(e.path)))
}

// replace swaps the file's content in one step: a reader sees the old or the new one, never half.
func (e *Entry) replace(intent Intent) error {
	text, err := encode(intent)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(e.path), filepath.Base(e.path)+".*.tmp")
	if err != nil {
		return fmt.Errorf("write the journal entry: %w", err)
	}
	if err := writeAndSync(f, text); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	if err := os.Rename(f.Name(), e.path); err != nil {
		return fmt.Errorf("write the journal entry: %w", err)
	}
	return syncFolder(filepath.Dir(e.path))
}

func encode(intent Intent) ([]byte, error) {
	text, err := json.MarshalIndent(intent, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the journal entry: %w", err)
	}
	return append(text, '\n'), nil
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
