// SPDX-License-Identifier: Apache-2.0

package policy_test

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var (
	fencedCode   = regexp.MustCompile("(?ms)^[ \t]*(```|~~~).*?^[ \t]*(```|~~~)[ \t]*$")
	inlineCode   = regexp.MustCompile("`[^`\n]*`")
	markdownLink = regexp.MustCompile(`\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|(?m)^\[[^\]]+\]:\s*(\S+)`)
	heading      = regexp.MustCompile(`(?m)^#{1,6}\s+(.*?)\s*#*$|<a (?:id|name)="([^"]+)"`)
	notInAnchor  = regexp.MustCompile(`[^\p{L}\p{N}\p{M}_\- ]`)
	linkText     = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// links are the relative link targets of a page, code excluded.
func links(text string) []string {
	text = inlineCode.ReplaceAllString(fencedCode.ReplaceAllString(text, ""), "")
	var targets []string
	for _, match := range markdownLink.FindAllStringSubmatch(text, -1) {
		target := match[1] + match[2]
		if parsed, err := url.Parse(target); err != nil || parsed.Scheme == "" && parsed.Host == "" {
			targets = append(targets, target)
		}
	}
	return targets
}

// anchors are the names a page's headings answer to, spelled the way code hosts and the registry spell them.
func anchors(text string) []string {
	var names []string
	seen := map[string]int{}
	for _, match := range heading.FindAllStringSubmatch(fencedCode.ReplaceAllString(text, ""), -1) {
		if match[2] != "" {
			names = append(names, match[2])
			continue
		}
		title := linkText.ReplaceAllString(match[1], "$1")
		name := strings.ReplaceAll(notInAnchor.ReplaceAllString(strings.ToLower(title), ""), " ", "-")
		if n := seen[name]; n > 0 {
			names = append(names, fmt.Sprintf("%s-%d", name, n))
		} else {
			names = append(names, name)
		}
		seen[name]++
	}
	return names
}

// broken says why a link from the page at path leads nowhere, or "" when it leads somewhere. read returns a page's
// text, or an error for what does not exist; a folder has no text.
func broken(page, target string, read func(path string) (string, error)) string {
	file, fragment, _ := strings.Cut(target, "#")
	destination := page
	if file != "" {
		unescaped, err := url.PathUnescape(file)
		if err != nil {
			return err.Error()
		}
		destination = path.Join(path.Dir(page), unescaped)
	}
	if destination == ".." || strings.HasPrefix(destination, "../") || strings.HasPrefix(file, "/") {
		return "leaves the repository"
	}
	text, err := read(destination)
	if err != nil {
		return "there is no " + destination
	}
	if fragment != "" && strings.HasSuffix(destination, ".md") && !slices.Contains(anchors(text), fragment) {
		return fmt.Sprintf("%s has no heading #%s", destination, fragment)
	}
	return ""
}

func TestMarkdownLinksResolve(t *testing.T) {
	t.Parallel()
	top := root(t)
	read := func(path string) (string, error) {
		full := filepath.Join(top, filepath.FromSlash(path))
		if info, err := os.Stat(full); err != nil || info.IsDir() {
			return "", err
		}
		text, err := os.ReadFile(full)
		return string(text), err
	}
	pages := 0
	walk(t, ".md", func(page, text string) {
		pages++
		for _, target := range links(text) {
			if why := broken(page, target, read); why != "" {
				assert.Fail(t, "broken link", "%s: %s: %s", page, target, why)
			}
		}
	})
	require.NotZero(t, pages)
}

func TestBrokenLinks(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"README.md":     "# A Title: with `code`, twice\n## Same\n## Same\n```\n# not one\n```\n",
		"docs/a b.md":   "# [Linked](x.md) title\n",
		"docs/index.md": "",
	}
	read := func(path string) (string, error) {
		if text, ok := pages[path]; ok {
			return text, nil
		}
		return "", os.ErrNotExist
	}
	for target, why := range map[string]string{
		"#a-title-with-code-twice":   "",
		"#same-1":                    "",
		"#not-one":                   "no heading",
		"docs/a%20b.md#linked-title": "",
		"docs/none.md":               "there is no docs/none.md",
		"../elsewhere.md":            "leaves the repository",
	} {
		got := broken("README.md", target, read)
		if why == "" {
			require.Empty(t, got, target)
		} else {
			require.Contains(t, got, why, target)
		}
	}
	require.Empty(t, broken("docs/index.md", "../README.md", read))
	require.Equal(t, []string{"a.md", "b.md#c", "d.md"}, links("[x](a.md) ![y](b.md#c \"title\") `[n](no.md)`\n"+
		"[u](https://example.org/z)\n```\n[n](no.md)\n```\n[ref]: d.md\n"))
}
