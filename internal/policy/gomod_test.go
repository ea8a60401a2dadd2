// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// replaced are the only modules go.mod may replace. A replace is not inherited by whoever imports us, so each one is
// work for the Pulumi module too.
var replaced = map[string]string{
	// cosmos-sdk asks for both: its keyring needs the fork, and later versions of goleveldb lose writes.
	"github.com/99designs/keyring": "github.com/cosmos/keyring v1.2.0",
	"github.com/syndtr/goleveldb":  "github.com/syndtr/goleveldb v1.0.1-0.20210819022825-2ae1ddf74ef7",
}

// generators are the only tools of the root module: what they write must fit the version of the library it runs with.
var generators = []string{
	"github.com/cosmos/gogoproto/protoc-gen-gocosmos",
	"github.com/grpc-ecosystem/grpc-gateway/protoc-gen-grpc-gateway",
}

func TestReplaces(t *testing.T) {
	t.Parallel()
	type version struct{ Path, Version string }
	var file struct {
		Module  version
		Replace []struct{ Old, New version }
		Tool    []struct{ Path string }
	}
	require.NoError(t, json.Unmarshal(goCommand(t, "mod", "edit", "-json"), &file))
	require.Equal(t, module, file.Module.Path)

	found := map[string]string{}
	for _, replace := range file.Replace {
		assert.Empty(t, replace.Old.Version, "replace every version of %s", replace.Old.Path)
		found[replace.Old.Path] = replace.New.Path + " " + replace.New.Version
	}
	assert.Equal(t, replaced, found)
	for _, tool := range file.Tool {
		assert.Contains(t, generators, tool.Path, "tools have modules of their own in internal/tools")
	}
}

// TestDependenciesAreExplained wants an entry in DECISIONS.md for each module go.mod requires directly.
func TestDependenciesAreExplained(t *testing.T) {
	t.Parallel()
	var file struct {
		Require []struct {
			Path     string
			Indirect bool
		}
	}
	require.NoError(t, json.Unmarshal(goCommand(t, "mod", "edit", "-json"), &file))
	text, err := os.ReadFile(filepath.Join(root(t), "DECISIONS.md"))
	require.NoError(t, err)
	for _, required := range file.Require {
		if !required.Indirect {
			assert.True(t, strings.Contains(string(text), "`"+required.Path+"`"), //nolint:testifylint // not the whole page
				"%s: say in DECISIONS.md why, and what it costs", required.Path)
		}
	}
}
