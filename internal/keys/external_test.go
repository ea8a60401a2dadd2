// SPDX-License-Identifier: Apache-2.0

package keys_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/keys"
)

// signerProgram is the program of testdata/signer, built once for all tests.
var signerProgram = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "akash-signer-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "signer")
	said, err := exec.Command("go", "build", "-o", path, "./testdata/signer").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, said)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	m.Run() // the process exits with its code once TestMain returns
	if path, err := signerProgram(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path)) // a file left in the temporary folder does no harm
	}
}

func signer(t *testing.T, arguments ...string) []string {
	t.Helper()
	path, err := signerProgram()
	require.NoError(t, err)
	return append([]string{path}, arguments...)
}

func TestFromExternal_signs(t *testing.T) {
	t.Parallel()
	want, err := keys.FromPrivateKeyHex(strings.Repeat("0", 63) + "1")
	require.NoError(t, err)
	expected, err := want.Sign([]byte("hello"))
	require.NoError(t, err)
	for _, mode := range []string{"well", "high s", "der", "der high s"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			log := filepath.Join(t.TempDir(), "questions")
			key, err := keys.FromExternal(t.Context(), keys.ExternalConfig{Command: signer(t, mode, "log="+log)})
			require.NoError(t, err)
			require.Equal(t, want.Address(), key.Address())
			require.Equal(t, want.PubKey(), key.PubKey())
			require.Equal(t, want.Address(), fmt.Sprintf("%+v", key), "no argument of the command is shown")
			var group sync.WaitGroup
			for range 3 {
				group.Go(func() {
					got, err := key.Sign([]byte("hello"))
					if err != nil || string(got) != string(expected) {
						t.Errorf("signature %x, %v", got, err)
					}
				})
			}
			group.Wait()
			asked, err := os.ReadFile(log)
			require.NoError(t, err)
			require.Equal(t, "public_key  0\n"+strings.Repeat("sign "+want.Address()+" 5\n", 3), string(asked))
		})
	}
}

func TestFromExternal_refusals(t *testing.T) {
	t.Parallel()
	for mode, test := range map[string]struct {
		is   error
		says string
	}{
		"hangs":         {keys.ErrSigner, "no answer within"},
		"babbles":       {keys.ErrSigner, "above 65536 bytes"},
		"text":          {keys.ErrSigner, "not one JSON object"},
		"locked":        {keys.ErrSignerRefused, "public_key: device is locked"},
		"short key":     {keys.ErrSigner, "has 2 bytes"},
		"no point":      {keys.ErrSigner, "no point of secp256k1"},
		"other address": {keys.ErrSigner, "its public key belongs to akash1"},
		"new version":   {keys.ErrSigner, "version 2, want 1"},
		"bad exit":      {keys.ErrSigner, "exit status 7"},
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			limit := time.Minute
			if mode == "hangs" {
				limit = 300 * time.Millisecond
			}
			_, err := keys.FromExternal(t.Context(), keys.ExternalConfig{
				Command: signer(t, mode, "--pin=hush"), Timeout: limit,
			})
			require.ErrorIs(t, err, test.is)
			require.ErrorContains(t, err, test.says)
			require.NotContains(t, err.Error(), "hush", "neither its arguments nor its output are shown")
		})
	}
	for name, command := range map[string][]string{
		"is empty": nil, "command is empty": {"", "a"}, "no such file": {"/nowhere/at/all"},
		"executable file not found": {"no-such-program-of-akash"},
	} {
		_, err := keys.FromExternal(t.Context(), keys.ExternalConfig{Command: command})
		require.ErrorIs(t, err, keys.ErrSigner)
		require.ErrorContains(t, err, name)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := keys.FromExternal(ctx, keys.ExternalConfig{Command: signer(t, "hangs")})
	require.ErrorIs(t, err, context.Canceled)
}

func TestExternal_wrongSignatures(t *testing.T) {
	t.Parallel()
	for mode, says := range map[string]string{
		"other key":    "is not one of akash1",
		"no signature": "neither r||s",
		"zero":         "r of its signature is out of range",
		"refuses":      "sign: the person at the device said no",
	} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			key, err := keys.FromExternal(t.Context(), keys.ExternalConfig{Command: signer(t, mode)})
			require.NoError(t, err)
			_, err = key.Sign([]byte("hello"))
			require.ErrorIs(t, err, keys.ErrSigner)
			require.ErrorContains(t, err, says)
		})
	}
}
