// SPDX-License-Identifier: Apache-2.0

package release

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"errors"
	"fmt"
	"io"
	"strings"
)

// maxFile is the most bytes that one file of an archive may have. The largest binary is some 100 MB.
const maxFile = 1 << 30

// ErrNoBinary says that an archive holds no binary that the go command linked.
var ErrNoBinary = errors.New("no Go binary in the archive")

// Binary is one Go binary of an archive.
type Binary struct {
	// Name is the file's name in the archive, with slashes.
	Name string
	// Info is what the go command wrote into it: the main module and every module that is linked, with its checksum.
	Info *buildinfo.BuildInfo
}

// Binaries finds the Go binaries of an archive, in the archive's order. name says by its ending what the archive is:
// .zip, .tar.gz or .tgz. An archive without one is [ErrNoBinary].
func Binaries(name string, content []byte) ([]Binary, error) {
	var found []Binary
	visit := func(file string, open io.Reader) error {
		text, err := io.ReadAll(io.LimitReader(open, maxFile+1))
		if err != nil {
			return fmt.Errorf("%s: %s: %w", name, file, err)
		}
		if len(text) > maxFile {
			return fmt.Errorf("%s: %s: larger than %d bytes", name, file, maxFile)
		}
		// Anything that is no binary of Go's is an error here: a licence, a readme.
		if info, err := buildinfo.Read(bytes.NewReader(text)); err == nil {
			found = append(found, Binary{Name: file, Info: info})
		}
		return nil
	}
	var err error
	switch {
	case strings.HasSuffix(name, ".zip"):
		err = eachZipped(content, visit)
	case strings.HasSuffix(name, ".tar.gz"), strings.HasSuffix(name, ".tgz"):
		err = eachTarred(content, visit)
	default:
		return nil, fmt.Errorf("%s: neither .zip nor .tar.gz", name)
	}
	if err != nil {
		return nil, err
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("%s: %w", name, ErrNoBinary)
	}
	return found, nil
}

func eachZipped(content []byte, visit func(string, io.Reader) error) error {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return err
	}
	for _, file := range archive.File {
		if file.FileInfo().IsDir() {
			continue
		}
		if err := visitZipped(file, visit); err != nil {
			return err
		}
	}
	return nil
}

func visitZipped(file *zip.File, visit func(string, io.Reader) error) error {
	opened, err := file.Open()
	if err != nil {
		return err
	}
	return errors.Join(visit(file.Name, opened), opened.Close())
}

func eachTarred(content []byte, visit func(string, io.Reader) error) error {
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return err
	}
	archive := tar.NewReader(unzipped)
	for {
		header, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return unzipped.Close()
		}
		if err != nil {
			return err
		}
		if header.Typeflag != tar.TypeReg {
			continue
		}
		if err := visit(header.Name, archive); err != nil {
			return err
		}
	}
}
