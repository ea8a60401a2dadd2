// SPDX-License-Identifier: Apache-2.0

package sdlbuilder

import (
	"encoding/base64"
	"fmt"
	"maps"
	"path"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/mapvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	attrpath "github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	// maxFileBytes keeps a file's variable, in base64, below the 128 KiB that Linux allows one.
	maxFileBytes = 90 << 10
	// maxFilesBytes keeps a manifest well below what the store of an Akash provider's cluster takes as one object.
	maxFilesBytes = 256 << 10
	// fileVariable is the name of a file's variable, before its number.
	fileVariable = "AKASH_FILE_"
	defaultMode  = "0644"
)

// filePath is a path that neither a shell nor Kubernetes, which puts variables into commands, reads anything into.
var filePath = regexp.MustCompile(`^(/[A-Za-z0-9._@+,:=-]+)+$`)

type fileModel struct {
	Content string       `tfsdk:"content"`
	Mode    types.String `tfsdk:"mode"`
}

func filesAttribute() schema.Attribute {
	return schema.MapNestedAttribute{
		Optional: true,
		MarkdownDescription: "Files that are written into each container before its command starts, by absolute path. " +
			"The SDL has no files: each becomes an environment variable in base64, and `command` is wrapped into a line of " +
			"shell that writes them and then becomes the command. So it needs `command`, as an image's own entry point is " +
			"not known here, and `/bin/sh`, `base64`, `mkdir` and `chmod` in the image. Each up to 90 KiB, together 256 KiB " +
			"in one SDL. Not for secrets: they are stored in state and seen by the Akash provider. Example: `{ " +
			"\"/etc/app/app.conf\" = { content = file(\"app.conf\") } }`.",
		Validators: []validator.Map{
			mapvalidator.SizeAtLeast(1),
			mapvalidator.KeysAre(stringvalidator.RegexMatches(filePath,
				"must be an absolute path of letters, digits and ._@+,:=-, such as /etc/app/app.conf")),
		},
		NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"content": required("The file's text, e.g. `file(\"app.conf\")` or `templatefile(…)`."),
			"mode": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Its permissions in octal, e.g. `0755`. Default `0644`.",
				Validators: []validator.String{stringvalidator.RegexMatches(regexp.MustCompile(`^0?[0-7]{3}$`),
					"must be three octal digits, with or without a leading 0, such as 0755")},
			},
		}},
	}
}

// environment is env with a variable for each file, which are numbered in the order of their paths.
func (s serviceModel) environment() map[string]string {
	if len(s.Files) == 0 {
		return s.Env
	}
	all := map[string]string{}
	maps.Copy(all, s.Env)
	for i, name := range sortedKeys(s.Files) {
		all[variable(i)] = base64.StdEncoding.EncodeToString([]byte(s.Files[name].Content))
	}
	return all
}

func variable(i int) string { return fmt.Sprintf("%s%d", fileVariable, i+1) }

// wrapped is command behind a shell that writes the files. Neither it nor what follows in args is read by the shell,
// and the script holds no dollar sign that Kubernetes would read.
func (s serviceModel) wrapped() []string {
	if len(s.Files) == 0 {
		return s.Command
	}
	script := []string{"set -e"}
	var used []string
	for i, name := range sortedKeys(s.Files) {
		mode := defaultMode
		if f := s.Files[name]; !f.Mode.IsNull() {
			mode = f.Mode.ValueString()
		}
		if dir := path.Dir(name); dir != "/" {
			script = append(script, "mkdir -p '"+dir+"'")
		}
		script = append(script,
			fmt.Sprintf(`printf %%s "$%s" | base64 -d > '%s'`, variable(i), name), fmt.Sprintf("chmod %s '%s'", mode, name))
		used = append(used, variable(i))
	}
	script = append(script, "unset "+strings.Join(used, " "), `exec "$@"`)
	return append([]string{"/bin/sh", "-c", strings.Join(script, "\n"), "akash-files"}, s.Command...)
}

// checkFiles says what keeps files from getting into containers.
func (m model) checkFiles(all *diag.Diagnostics) {
	total := 0
	for _, name := range sortedKeys(m.Services) {
		s, at := m.Services[name], attrpath.Root("services").AtMapKey(name)
		if len(s.Files) == 0 {
			continue
		}
		if len(s.Command) == 0 {
			all.AddAttributeError(at.AtName("files"), "Command missing", fmt.Sprintf("Service %s has files, which a shell "+
				"writes before it starts the command. An image's own entry point is not known here: write it as command, as "+
				"the image's documentation or docker inspect tells it, e.g. command = [\"nginx\", \"-g\", \"daemon off;\"].", name))
		}
		for key := range s.Env {
			if strings.HasPrefix(key, fileVariable) {
				all.AddAttributeError(at.AtName("env").AtMapKey(key), "Reserved name",
					"Variables that begin with "+fileVariable+" carry files.")
			}
		}
		for _, file := range sortedKeys(s.Files) {
			total += len(s.Files[file].Content)
			s.checkFile(file, at.AtName("files").AtMapKey(file), all)
		}
	}
	if total > maxFilesBytes {
		all.AddAttributeError(attrpath.Root("services"), "Files too large", fmt.Sprintf("The files of all services have %d "+
			"bytes; they may have %d. Put them into the image, or fetch them when the container starts.", total, maxFilesBytes))
	}
}

func (s serviceModel) checkFile(file string, at attrpath.Path, all *diag.Diagnostics) {
	if size := len(s.Files[file].Content); size > maxFileBytes {
		all.AddAttributeError(at, "File too large", fmt.Sprintf("%s has %d bytes; a file may have %d. Put it into the image "+
			"or fetch it when the container starts.", file, size, maxFileBytes))
	}
	if path.Clean(file) != file {
		all.AddAttributeError(at, "Invalid path", fmt.Sprintf("%s leads elsewhere; write %s.", file, path.Clean(file)))
	}
	for dir := path.Dir(file); len(dir) > 1; dir = path.Dir(dir) { // "/", or "." of one that is refused already
		if _, isFile := s.Files[dir]; isFile {
			all.AddAttributeError(at, "Invalid path", fmt.Sprintf("%s cannot be in %s, which is a file too.", file, dir))
		}
	}
	if s.Params == nil {
		return
	}
	for volume, mount := range s.Params.Storage {
		if mount.ReadOnly.ValueBool() && strings.HasPrefix(file, strings.TrimSuffix(mount.Mount, "/")+"/") {
			all.AddAttributeError(at, "Read-only volume",
				fmt.Sprintf("%s is on volume %s, which is mounted read-only at %s.", file, volume, mount.Mount))
		}
	}
}
