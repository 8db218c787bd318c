package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Where things are inside the image.
const (
	hostPath     = "usr/local/bin/leat"
	pluginsPath  = "usr/local/lib/leat/plugins"
	certsPath    = "etc/ssl/certs/ca-certificates.crt"
	statePath    = "var/lib/leat"
	unprivileged = 65532 // the number that images without a distribution use by custom
)

// settings is what the command line says.
type settings struct {
	bin, dist, version, certificates, arch string
}

// build makes the image: a base layer that seldom changes, and one with the binaries.
func build(s settings) (v1.Image, error) {
	base, err := baseEntries(s.certificates)
	if err != nil {
		return nil, err
	}
	binaries, err := binaryEntries(s.bin)
	if err != nil {
		return nil, err
	}
	image := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	for _, entries := range [][]entry{base, binaries} {
		layer, err := newLayer(entries)
		if err != nil {
			return nil, err
		}
		if image, err = mutate.AppendLayers(image, layer); err != nil {
			return nil, fmt.Errorf("append layer: %w", err)
		}
	}
	return configure(image, s)
}

// configure keeps what the layers put into the image's config and adds how to run it. It names no
// time: the same input gives the same image.
func configure(image v1.Image, s settings) (v1.Image, error) {
	config, err := image.ConfigFile()
	if err != nil {
		return nil, fmt.Errorf("read config: %w", err)
	}
	config = config.DeepCopy()
	config.OS, config.Architecture = "linux", s.arch
	config.Config = v1.Config{
		Entrypoint: []string{"/" + hostPath},
		User:       fmt.Sprintf("%d:%d", unprivileged, unprivileged),
		WorkingDir: "/" + statePath,
		Env:        []string{"PATH=/usr/local/bin", "SSL_CERT_FILE=/" + certsPath},
		Labels: map[string]string{
			"org.opencontainers.image.title":    "leat",
			"org.opencontainers.image.version":  s.version,
			"org.opencontainers.image.licenses": "Apache-2.0",
		},
	}
	configured, err := mutate.ConfigFile(image, config)
	if err != nil {
		return nil, fmt.Errorf("set config: %w", err)
	}
	return configured, nil
}

// baseEntries are the few files that a static binary expects of a system.
func baseEntries(certificates string) ([]entry, error) {
	bundle, err := readCertificates(certificates)
	if err != nil {
		return nil, err
	}
	passwd := fmt.Sprintf("root:x:0:0:root:/root:/sbin/nologin\nleat:x:%d:%[1]d:leat:/%s:/sbin/nologin\n", unprivileged, statePath)
	group := fmt.Sprintf("root:x:0:\nleat:x:%d:\n", unprivileged)
	return []entry{
		{path: "etc/passwd", mode: 0o644, content: []byte(passwd)},
		{path: "etc/group", mode: 0o644, content: []byte(group)},
		{path: certsPath, mode: 0o644, content: bundle},
		{path: "tmp", mode: fs.ModeDir | fs.ModeSticky | 0o777},
		{path: statePath, mode: fs.ModeDir | 0o750, owner: unprivileged},
	}, nil
}

// binaryEntries are the host and every plugin that make build has put into bin.
func binaryEntries(bin string) ([]entry, error) {
	plugins, err := filepath.Glob(filepath.Join(bin, "plugins", "*"))
	if err != nil {
		return nil, fmt.Errorf("list plugins: %w", err)
	}
	if len(plugins) == 0 {
		return nil, fmt.Errorf("list plugins: %s holds none: run make build", filepath.Join(bin, "plugins"))
	}
	slices.Sort(plugins)
	entries := make([]entry, 0, len(plugins)+1)
	for i, source := range append([]string{filepath.Join(bin, "leat")}, plugins...) {
		content, err := os.ReadFile(source)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("read binary: %w: run make build", err)
		}
		if err != nil {
			return nil, fmt.Errorf("read binary: %w", err)
		}
		target := hostPath
		if i > 0 {
			target = pluginsPath + "/" + filepath.Base(source)
		}
		entries = append(entries, entry{path: target, mode: 0o755, content: content})
	}
	return entries, nil
}
