// SPDX-License-Identifier: Apache-2.0

package providerdata_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/deploy"
	"github.com/akash-iac/terraform-provider-akash/internal/provider/providerdata"
)

// TestConnect wants one connection for everybody, made again only after an error.
func TestConnect(t *testing.T) {
	t.Parallel()
	var calls atomic.Int32
	broken := errors.New("broken")
	data := providerdata.New(func(context.Context) (*providerdata.Connection, error) {
		if calls.Add(1) == 1 {
			return nil, broken
		}
		return &providerdata.Connection{}, nil
	})
	_, err := data.Connect(t.Context())
	require.ErrorIs(t, err, broken)
	first, err := data.Connect(t.Context())
	require.NoError(t, err)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			again, err := data.Connect(t.Context())
			if err != nil || again != first {
				t.Errorf("another connection: %v", err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 2, calls.Load())
}

func TestSignerWantsAKey(t *testing.T) {
	t.Parallel()
	data := providerdata.New(func(context.Context) (*providerdata.Connection, error) {
		return nil, errors.New("must not connect")
	})
	_, err := data.Signer(t.Context())
	var failure *deploy.Failure
	require.ErrorAs(t, err, &failure)
	require.Equal(t, "No signing key", failure.Title)
	require.Contains(t, failure.Error(), "AKASH_MNEMONIC")
}

func TestFrom(t *testing.T) {
	t.Parallel()
	data, problems := providerdata.From(nil)
	require.Nil(t, data)
	require.Empty(t, problems)
	want := providerdata.New(nil)
	data, problems = providerdata.From(want)
	require.Same(t, want, data)
	require.Empty(t, problems)
	_, problems = providerdata.From("something else")
	require.True(t, problems.HasError())
}
