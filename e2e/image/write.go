package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
)

// repository names the image where it has come from no registry.
const repository = "localhost/leat"

// write puts the image into dist/oci and dist/leat.tar, in the place of an earlier one.
func write(image v1.Image, dist, version string) error {
	tag, err := name.NewTag(repository + ":" + tagName(version))
	if err != nil {
		return fmt.Errorf("name image: %w", err)
	}
	oci := filepath.Join(dist, "oci")
	if err := os.RemoveAll(oci); err != nil {
		return fmt.Errorf("remove the last image: %w", err)
	}
	if err := os.MkdirAll(dist, 0o755); err != nil {
		return fmt.Errorf("make folder: %w", err)
	}
	folder, err := layout.Write(oci, empty.Index)
	if err != nil {
		return fmt.Errorf("write OCI layout %s: %w", oci, err)
	}
	reference := layout.WithAnnotations(map[string]string{"org.opencontainers.image.ref.name": tag.TagStr()})
	if err := folder.AppendImage(image, reference); err != nil {
		return fmt.Errorf("write OCI layout %s: %w", oci, err)
	}
	archive := filepath.Join(dist, "leat.tar")
	if err := tarball.WriteToFile(archive, tag, image); err != nil {
		return fmt.Errorf("write %s: %w", archive, err)
	}
	return nil
}

// tagName makes a tag of a version: a tag takes no + and no leading point or dash.
func tagName(version string) string {
	valid := func(r rune) rune {
		if strings.ContainsRune("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-", r) {
			return r
		}
		return '-'
	}
	tag := strings.TrimLeft(strings.Map(valid, version), ".-")
	if tag == "" {
		return "dev"
	}
	return tag[:min(len(tag), 128)]
}
