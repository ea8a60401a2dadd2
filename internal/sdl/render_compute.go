// SPDX-License-Identifier: Apache-2.0

package sdl

import (
	"errors"
	"reflect"
	"slices"
	"strconv"
	"strings"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/akash-iac/terraform-provider-akash/internal/coin"
	attributesv1 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/base/attributes/v1"
	deploymentv1beta4 "github.com/akash-iac/terraform-provider-akash/internal/pb/akash/deployment/v1beta4"
)

type sdlCompute struct {
	Resources sdlResources `yaml:"resources"`
}

type sdlResources struct {
	CPU     sdlCPU      `yaml:"cpu"`
	Memory  sdlMemory   `yaml:"memory"`
	GPU     *sdlGPU     `yaml:"gpu,omitempty"`
	Storage []sdlVolume `yaml:"storage"`
}

type sdlCPU struct {
	Units      string            `yaml:"units"`
	Attributes map[string]quoted `yaml:"attributes,omitempty"`
}

type sdlMemory struct {
	Size string `yaml:"size"`
}

type sdlGPU struct {
	Units      uint64           `yaml:"units"`
	Attributes sdlGPUAttributes `yaml:"attributes"`
}

type sdlGPUAttributes struct {
	Vendor struct {
		Nvidia []sdlGPUModel `yaml:"nvidia"`
	} `yaml:"vendor"`
}

type sdlGPUModel struct {
	Model     quoted `yaml:"model"`
	RAM       string `yaml:"ram,omitempty"`
	Interface string `yaml:"interface,omitempty"`
}

type sdlVolume struct {
	Name       quoted            `yaml:"name"`
	Size       string            `yaml:"size"`
	Attributes map[string]quoted `yaml:"attributes,omitempty"`
}

type sdlPlacement struct {
	Attributes map[string]quoted   `yaml:"attributes,omitempty"`
	SignedBy   *sdlSignedBy        `yaml:"signedBy,omitempty"`
	Pricing    map[string]sdlPrice `yaml:"pricing"`
}

type sdlSignedBy struct {
	AllOf []quoted `yaml:"allOf,omitempty"`
	AnyOf []quoted `yaml:"anyOf,omitempty"`
}

type sdlPrice struct {
	Denom  quoted `yaml:"denom"`
	Amount string `yaml:"amount"`
}

func (c sdlCompute) equal(o sdlCompute) bool { return reflect.DeepEqual(c, o) }

var errResources = errors.New("resources that no SDL can ask for")

func renderCompute(r manifestResources) (sdlCompute, error) {
	var out sdlResources
	millis, err := strconv.ParseUint(r.CPU.Units.Val, 10, 32)
	if err != nil {
		return sdlCompute{}, errResources
	}
	out.CPU.Units = strconv.FormatUint(millis, 10) + "m"
	if millis%1000 == 0 {
		out.CPU.Units = strconv.FormatUint(millis/1000, 10)
	}
	out.CPU.Attributes = quotedAttributes(r.CPU.Attributes)
	if out.Memory.Size, err = renderBytes(r.Memory.Size); err != nil {
		return sdlCompute{}, err
	}
	gpus, err := strconv.ParseUint(r.GPU.Units.Val, 10, 64)
	if err != nil {
		return sdlCompute{}, errResources
	}
	if gpus > 0 {
		out.GPU = &sdlGPU{Units: gpus}
		for _, a := range r.GPU.Attributes {
			out.GPU.Attributes.Vendor.Nvidia = append(out.GPU.Attributes.Vendor.Nvidia, renderGPUModel(a.Key))
		}
	}
	out.Storage, err = renderStorage(r.Storage)
	return sdlCompute{Resources: out}, err
}

func renderBytes(v manifestValue) (string, error) {
	n, err := strconv.ParseUint(v.Val, 10, 64)
	if err != nil {
		return "", errResources
	}
	return formatBytes(n), nil
}

// renderGPUModel takes a key such as vendor/nvidia/model/a100/ram/80Gi/interface/sxm apart.
func renderGPUModel(key string) sdlGPUModel {
	rest := strings.TrimPrefix(key, gpuModelPrefix)
	rest, bus, _ := strings.Cut(rest, "/interface/")
	model, ram, _ := strings.Cut(rest, "/ram/")
	return sdlGPUModel{Model: quoted(model), RAM: ram, Interface: bus}
}

// renderStorage writes volumes so that reading puts them in the order they
// have. Reading turns runs of ephemeral volumes of one size around (see
// [sortVolumes]), so such a run is tried both ways.
func renderStorage(volumes []manifestVolume) ([]sdlVolume, error) {
	read := make([]volume, len(volumes))
	out := make(map[string]sdlVolume, len(volumes))
	for i, m := range volumes {
		text, err := renderBytes(m.Size)
		if err != nil {
			return nil, err
		}
		out[m.Name] = sdlVolume{Name: quoted(m.Name), Size: text, Attributes: renderStorageAttributes(m.Attributes)}
		read[i].name = m.Name
		read[i].size.bytes, _ = parseBytes(text, false)
		for _, a := range m.Attributes {
			read[i].attributes = append(read[i].attributes, attribute{key: a.Key, value: a.Value})
		}
	}
	reversed := slices.Clone(read)
	for from := 0; from < len(read); {
		to := from + 1
		for to < len(read) && read[to].size.bytes == read[from].size.bytes &&
			read[to].attribute(keyPersistent) == read[from].attribute(keyPersistent) {
			to++
		}
		if !read[from].persistent() {
			slices.Reverse(reversed[from:to])
		}
		from = to
	}
	for _, candidate := range [][]volume{read, reversed} {
		sorted := slices.Clone(candidate)
		sortVolumes(sorted)
		if !slices.EqualFunc(sorted, read, func(a, b volume) bool { return a.name == b.name }) {
			continue
		}
		texts := make([]sdlVolume, len(candidate))
		for i, v := range candidate {
			texts[i] = out[v.name]
		}
		return texts, nil
	}
	return nil, errors.New("an order of volumes that no SDL can give")
}

// renderStorageAttributes writes persistent so that reading adds no class and
// refuses none: the words yes and no mean the same but pass its rules (see [reader.storageAttributes]).
func renderStorageAttributes(attributes []attributesv1.Attribute) map[string]quoted {
	out := quotedAttributes(attributes)
	class, hasClass := out[keyClass]
	switch {
	case !hasClass && out[keyPersistent] == "true":
		out[keyPersistent] = "yes"
	case hasClass && class != classRAM && out[keyPersistent] == "false":
		out[keyPersistent] = "no"
	}
	return out
}

func quotedAttributes(attributes []attributesv1.Attribute) map[string]quoted {
	if len(attributes) == 0 {
		return nil
	}
	out := make(map[string]quoted, len(attributes))
	for _, a := range attributes {
		out[a.Key] = quoted(a.Value)
	}
	return out
}

// renderPlacement writes what an Akash provider must be. The attribute that params.tee adds is left to it.
func renderPlacement(spec deploymentv1beta4.GroupSpec, g manifestGroup) sdlPlacement {
	required := slices.Clone(spec.Requirements.Attributes)
	for _, s := range g.Services {
		if s.Params == nil || s.Params.TEE == nil {
			continue
		}
		want := attributesv1.Attribute{Key: teeAttribute, Value: s.Params.TEE.Type}
		if i := slices.Index(required, want); i >= 0 {
			required = slices.Delete(required, i, i+1)
		}
		break
	}
	out := sdlPlacement{Attributes: quotedAttributes(required), Pricing: make(map[string]sdlPrice)}
	if by := spec.Requirements.SignedBy; len(by.AllOf)+len(by.AnyOf) > 0 {
		out.SignedBy = &sdlSignedBy{AllOf: quotedList(by.AllOf), AnyOf: quotedList(by.AnyOf)}
	}
	return out
}

func renderPrice(p sdk.DecCoin) sdlPrice {
	return sdlPrice{Denom: quoted(p.Denom), Amount: coin.Trim(p.Amount)}
}
