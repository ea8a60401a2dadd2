// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"bytes"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// yamlLine takes the library's name and a line off an error text of yaml.v3.
var yamlLine = regexp.MustCompile(`^yaml: (?:line [0-9]+: )?(?s:(.*))`)

// unknownAnchor finds the name in an error text of yaml.v3. It may be a password that begins with an asterisk.
var unknownAnchor = regexp.MustCompile(`^unknown anchor '(.*)' referenced`)

// notYAML is the problem of a text that yaml.v3 cannot read.
func notYAML(src []byte, err error) Problem {
	m := yamlLine.FindStringSubmatch(err.Error())
	if m == nil {
		m = []string{"", err.Error()}
	}
	p := Problem{
		Message: "the text is not YAML: " + m[1],
		Remedy:  "check indentation, colons, brackets and quotes here and in the line above",
	}
	p.Line, p.Column = brokenLine(src)
	if name := unknownAnchor.FindStringSubmatch(m[1]); name != nil {
		p.Line, p.Column = position(src, bytes.Index(src, []byte("*"+name[1])))
		p.Message, p.Remedy = "the text is not YAML: an alias has no anchor", "put quotes around values that begin with *"
		return p
	}
	for _, e := range yamlErrors {
		if strings.Contains(m[1], e.text) {
			p.Message, p.Remedy = "the text is not YAML: "+e.message, e.remedy
			break
		}
	}
	switch {
	case strings.Contains(m[1], "start any token") && indentedByTab(src, p.Line):
		p.Message, p.Remedy = "the text is not YAML: the line is indented with a tab", "indent with spaces"
	case strings.Contains(m[1], "control characters"):
		p.Line, p.Column = position(src, bytes.IndexFunc(src, isControl))
	case strings.Contains(m[1], "UTF-8"):
		p.Line, p.Column = position(src, invalidUTF8(src))
	}
	return p
}

// yamlErrors are what people do wrong most, in words that say it.
var yamlErrors = []struct{ text, message, remedy string }{
	{
		"did not find expected key", "this does not fit what is above",
		"indent the line like the others of its section, and check the quotes in it",
	},
	{
		"mapping values are not allowed", "a colon does not fit here",
		"end the line above with a colon if it is a key, indent both alike if not, " +
			"and put values that hold a colon in quotes",
	},
	{"expected ',' or ']'", "a list in brackets begins here and is not closed", "write the missing ] or comma"},
	{"expected ',' or '}'", "a mapping in braces begins here and is not closed", "write the missing } or comma"},
	{
		"expected '-' indicator", "this does not fit the list above",
		"begin each item with a dash below that of the first, and put the whole value in quotes if a part is",
	},
	{"end of stream", "quotes begin here and are not closed", "write the missing quote"},
	{"start any token", "a value cannot begin with this character", "put quotes around values that begin with @, % or `"},
	{"control characters", "there is an invisible character", "remove it"},
	{"UTF-8", "the file is not UTF-8", "save it as UTF-8"},
}

// indentedByTab reports whether a line begins with white space that has a tab in it.
func indentedByTab(src []byte, line int) bool {
	text := bytes.SplitAfter(src, []byte("\n"))[line-1]
	indent := text[:len(text)-len(bytes.TrimLeft(text, " \t"))]
	return bytes.IndexByte(indent, '\t') >= 0
}

// manyTries bounds how often a text is read again to find the line that breaks it.
const manyTries = 200

// brokenLine is the line with which a text stops being YAML: all lines before it are YAML by themselves, and no longer
// part from the beginning is. Of a quote or bracket that nobody closes it is the line where that begins. The parser's
// own account names the line where the surrounding mapping begins, which may be far above.
func brokenLine(src []byte) (line, column int) {
	lines := bytes.SplitAfter(src, []byte("\n"))
	stuck := min(stuckLine(src), len(lines))
	line = max(1, stuck)
	for tries := range manyTries {
		before := stuck - 1 - tries
		if before < 0 {
			break
		}
		if before == 0 || decodeYAML(bytes.Join(lines[:before], nil), new(yaml.Node)) == nil {
			line = before + 1
			break
		}
	}
	text := lines[line-1]
	return line, 1 + len(text) - len(bytes.TrimLeft(text, " "))
}

// stuckLine is the line at which the YAML parser gave up, or one further: it is fed line by line, and looks ahead.
func stuckLine(src []byte) int {
	lines := &lineReader{rest: src}
	var doc yaml.Node
	defer func() {
		_ = recover() // decodeYAML has turned the crash into an error already
	}()
	_ = yaml.NewDecoder(lines).Decode(&doc)
	return lines.line
}

// lineReader hands out one line at a time, and counts those with anything in them.
type lineReader struct {
	rest  []byte
	line  int // the last line begun that is not blank
	count int
}

func (l *lineReader) Read(p []byte) (int, error) {
	if len(l.rest) == 0 {
		return 0, io.EOF
	}
	line := l.rest
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end+1]
	}
	n := copy(p, line)
	if l.count++; len(bytes.TrimSpace(line)) > 0 {
		l.line = l.count
	}
	if n < len(line) {
		l.count-- // the rest of a long line comes next
	}
	l.rest = l.rest[n:]
	return n, nil
}

// position is the line and column of an offset, in characters; the first of the text when there is none.
func position(src []byte, offset int) (line, column int) {
	before := src[:max(offset, 0)]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}

// isControl reports whether YAML forbids a character.
func isControl(c rune) bool {
	return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f || c >= 0x80 && c < 0xa0 && c != 0x85
}

func invalidUTF8(src []byte) int {
	for i := 0; i < len(src); {
		c, width := utf8.DecodeRune(src[i:])
		if c == utf8.RuneError && width == 1 {
			return i
		}
		i += width
	}
	return 0
}
