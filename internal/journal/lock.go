// SPDX-License-Identifier: Apache-2.0

package journal

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"

	"github.com/gofrs/flock"
)

// tryLock locks the entry at path for this process; nil when somebody else has it. A lock file is removed with its
// entry, so one that was opened may be gone by the time it is locked, while another process has locked the next one of
// that name: only the file that bears the name counts.
func tryLock(path string) (*flock.Flock, error) {
	for {
		lock := flock.New(path + lockSuffix)
		locked, err := lock.TryLock()
		if err != nil {
			return nil, fmt.Errorf("lock the journal entry: %w", err)
		}
		if !locked {
			return nil, nil //nolint:nilnil // held by a live process
		}
		named, err := isNamed(lock)
		if err == nil && named {
			return lock, nil
		}
		if err := errors.Join(err, lock.Unlock()); err != nil {
			return nil, fmt.Errorf("lock the journal entry: %w", err)
		}
	}
}

// isNamed reports whether a locked file still has its name.
func isNamed(lock *flock.Flock) (bool, error) {
	held, err := lock.Stat()
	if err != nil {
		return false, err
	}
	current, err := os.Stat(lock.Path())
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil && os.SameFile(held, current), err
}

// unlockAndRemove removes a lock file while it is locked, where the system allows that.
func unlockAndRemove(lock *flock.Flock) error {
	if runtime.GOOS == "windows" {
		return errors.Join(lock.Unlock(), removeIfThere(lock.Path()))
	}
	return errors.Join(removeIfThere(lock.Path()), lock.Unlock())
}
