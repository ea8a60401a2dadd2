// SPDX-License-Identifier: Apache-2.0

package provider_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/provider"
)

func TestLoggerMasksSecrets(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	level := func(name string) string { return map[string]string{"TF_LOG": "DEBUG"}[name] }
	logger := provider.NewLogger(level, []string{"zoo", "abandon zoo", "", " "}, &out)
	logger.Named("tx").Debug("signing with abandon zoo", "key", "abandon zoo", "inner", "a zoo of one")
	logger.Trace("below the level")
	require.NotContains(t, out.String(), "zoo")
	require.NotContains(t, out.String(), "abandon")
	require.NotContains(t, out.String(), "below the level")
	require.Contains(t, out.String(), `"@module":"akash.tx"`)
	require.Contains(t, out.String(), "signing with ***")
	require.Contains(t, out.String(), "a *** of one")
}

func TestLoggerIsSilentUnlessAsked(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	provider.NewLogger(func(string) string { return "" }, nil, &out).Error("nobody asked")
	require.Empty(t, out.String())
}

func TestLoggerLevels(t *testing.T) {
	t.Parallel()
	env := map[string]string{"TF_LOG": "TRACE", "TF_LOG_PROVIDER": "DEBUG", "TF_LOG_PROVIDER_AKASH": "WARN"}
	var out bytes.Buffer
	logger := provider.NewLogger(func(name string) string { return env[name] }, nil, &out)
	logger.Info("unheard")
	logger.Warn("heard")
	require.NotContains(t, out.String(), "unheard")
	require.Contains(t, out.String(), `"@message":"heard"`)
}
