// SPDX-License-Identifier: Apache-2.0

package chainerr_test

import (
	"testing"

	errorsmod "cosmossdk.io/errors"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/akash-iac/terraform-provider-akash/internal/devnet/app/chainerr"
)

func TestErrorIsReadByTheSDK(t *testing.T) {
	t.Parallel()
	base := chainerr.New("deployment", 20, codes.InvalidArgument, "Deposit invalid")
	wrapped := errorsmod.Wrapf(base, "Deposit too low - %d < %s", 1000, "500000uact")

	space, code, log := errorsmod.ABCIInfo(wrapped, false)
	require.Equal(t, "deployment", space)
	require.EqualValues(t, 20, code)
	require.Equal(t, "Deposit too low - 1000 < 500000uact: Deposit invalid", log)
	require.ErrorIs(t, wrapped, base)

	require.Equal(t, codes.InvalidArgument, status.Code(base))
	require.Equal(t, "codespace deployment code 20: Deposit invalid", status.Convert(base).Message())
}
