// SPDX-License-Identifier: Apache-2.0

package release_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/akash-iac/terraform-provider-akash/internal/release"
)

var at = time.Date(2026, 11, 23, 9, 0, 0, 0, time.FixedZone("", 3600))

// self is the binary of this test.
func self(t *testing.T) []byte {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return text
}

func zipped(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, text := range files {
		f, err := w.Create(name)
		require.NoError(t, err)
		_, err = f.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	return out.Bytes()
}

func tarred(t *testing.T, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	compressed := gzip.NewWriter(&out)
	w := tar.NewWriter(compressed)
	for name, text := range files {
		require.NoError(t, w.WriteHeader(&tar.Header{Name: name, Mode: 0o755, Size: int64(len(text)), Typeflag: tar.TypeReg}))
		_, err := w.Write(text)
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	require.NoError(t, compressed.Close())
	return out.Bytes()
}

func TestSBOM_listsWhatIsLinked(t *testing.T) {
	t.Parallel()
	files := map[string][]byte{"tool_v1.2.3": self(t), "LICENSE": []byte("terms")}
	for name, archive := range map[string][]byte{"tool.zip": zipped(t, files), "tool.tar.gz": tarred(t, files)} {
		text, err := release.SBOM(name, archive, "1.2.3", at)
		require.NoError(t, err)
		again, err := release.SBOM(name, archive, "1.2.3", at)
		require.NoError(t, err)
		require.Equal(t, string(text), string(again))
		var read struct {
			BOMFormat, SpecVersion, SerialNumber string
			Metadata                             struct {
				Timestamp string
				Component struct{ Name, Version string }
			}
			Components []struct{ Name, Version, PURL string }
		}
		require.NoError(t, json.Unmarshal(text, &read))
		require.Equal(t, "CycloneDX", read.BOMFormat)
		require.Equal(t, "1.6", read.SpecVersion)
		require.Regexp(t, `^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`, read.SerialNumber)
		require.Equal(t, "2026-11-23T08:00:00Z", read.Metadata.Timestamp)
		require.Equal(t, name, read.Metadata.Component.Name)
		require.Equal(t, "1.2.3", read.Metadata.Component.Version)
		versions := map[string]string{}
		for _, c := range read.Components {
			versions[c.Name] = c.Version
			require.True(t, strings.HasPrefix(c.PURL, "pkg:golang/"+c.Name), c.PURL)
		}
		require.Equal(t, strings.TrimPrefix(runtime.Version(), "go"), versions["std"])
	}
}

func TestSBOM_refuses(t *testing.T) {
	t.Parallel()
	_, err := release.SBOM("a.zip", zipped(t, map[string][]byte{"LICENSE": []byte("terms")}), "1.2.3", at)
	require.ErrorIs(t, err, release.ErrNoBinary)
	for name, content := range map[string]string{"a.zip": "no zip", "a.tar.gz": "no gzip", "a.rar": ""} {
		_, err := release.SBOM(name, []byte(content), "1.2.3", at)
		require.Error(t, err, name)
	}
}
