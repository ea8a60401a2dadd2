// SPDX-License-Identifier: Apache-2.0

package sdl_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"gopkg.in/yaml.v3"

	"github.com/akash-iac/terraform-provider-akash/internal/sdl"
)

// corpus is every SDL of the largest corpora there are.
func corpus(b *testing.B) (files [][]byte, bytes int64) {
	b.Helper()
	dirs := corpora(b)
	if len(dirs) > 1 {
		dirs = dirs[1:]
	}
	for _, dir := range dirs {
		for _, file := range goldenFiles(b, dir) {
			src, err := os.ReadFile(file)
			require.NoError(b, err)
			files, bytes = append(files, src), bytes+int64(len(src))
		}
	}
	return files, bytes
}

// BenchmarkParse reads the whole corpus once an iteration.
func BenchmarkParse(b *testing.B) {
	files, bytes := corpus(b)
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			sdl.Parse(src)
		}
	}
	b.ReportMetric(float64(len(files)*b.N)/b.Elapsed().Seconds(), "files/s")
}

// BenchmarkBareYAML decodes the same files into generic values: the yardstick of [BenchmarkParse].
func BenchmarkBareYAML(b *testing.B) {
	files, bytes := corpus(b)
	b.SetBytes(bytes)
	b.ReportAllocs()
	for b.Loop() {
		for _, src := range files {
			var value any
			_ = yaml.Unmarshal(src, &value)
		}
	}
	b.ReportMetric(float64(len(files)*b.N)/b.Elapsed().Seconds(), "files/s")
}
