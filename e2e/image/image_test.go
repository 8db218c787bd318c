package main

import (
	"archive/tar"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// fixture is a folder as make build leaves it, and a bundle with one certificate.
func fixture(t *testing.T) settings {
	t.Helper()
	dir := t.TempDir()
	for path, content := range map[string]string{
		"bin/leat": "host", "bin/plugins/kafka-sink": "sink", "bin/plugins/avro-transform": "transform",
		"ca.pem": certificate(t),
	} {
		file := filepath.Join(dir, path)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(content), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	return settings{
		bin: filepath.Join(dir, "bin"), dist: filepath.Join(dir, "dist"),
		certificates: filepath.Join(dir, "ca.pem"), version: "v1.2.3", arch: "amd64",
	}
}

func certificate(t *testing.T) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func TestRun(t *testing.T) {
	t.Parallel()
	s := fixture(t)
	if err := run(s); err != nil {
		t.Fatal(err)
	}
	image, err := tarball.ImageFromPath(filepath.Join(s.dist, "leat.tar"), nil)
	if err != nil {
		t.Fatal(err)
	}

	t.Run("archive and layout are sound", func(t *testing.T) {
		if err := validate.Image(image); err != nil {
			t.Error(err)
		}
		index, err := layout.ImageIndexFromPath(filepath.Join(s.dist, "oci"))
		if err != nil {
			t.Fatal(err)
		}
		if err := validate.Index(index); err != nil {
			t.Error(err)
		}
	})
	t.Run("files", func(t *testing.T) {
		want := []string{
			"drwxr-xr-x 0 etc/",
			"-rw-r--r-- 0 etc/group",
			"-rw-r--r-- 0 etc/passwd",
			"drwxr-xr-x 0 etc/ssl/",
			"drwxr-xr-x 0 etc/ssl/certs/",
			"-rw-r--r-- 0 etc/ssl/certs/ca-certificates.crt",
			"dtrwxrwxrwx 0 tmp/",
			"-rwxr-xr-x 0 usr/local/bin/leat",
			"-rwxr-xr-x 0 usr/local/lib/leat/plugins/avro-transform",
			"-rwxr-xr-x 0 usr/local/lib/leat/plugins/kafka-sink",
			"drwxr-x--- 65532 var/lib/leat/",
		}
		got := listing(t, mutate.Extract(image))
		for _, line := range want {
			if !got[line] {
				t.Errorf("the image lacks %q; it has %v", line, got)
			}
		}
	})
	t.Run("runs as nobody", func(t *testing.T) {
		config, err := image.ConfigFile()
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprint(config.Config.User, config.Config.Entrypoint, config.OS, config.Architecture, config.Config.Labels["org.opencontainers.image.version"])
		if diff := cmp.Diff("65532:65532[/usr/local/bin/leat]linuxamd64v1.2.3", strings.ReplaceAll(got, " ", "")); diff != "" {
			t.Errorf("config (-want +got):\n%s", diff)
		}
	})
}

// listing gives mode, owner and name of every file in a tar.
func listing(t *testing.T, archive io.ReadCloser) map[string]bool {
	t.Helper()
	defer archive.Close()
	lines := map[string]bool{}
	for reader := tar.NewReader(archive); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return lines
		}
		if err != nil {
			t.Fatal(err)
		}
		name := header.Name
		if header.Typeflag == tar.TypeDir {
			name = strings.TrimSuffix(name, "/") + "/"
		}
		lines[fmt.Sprintf("%s %d %s", header.FileInfo().Mode(), header.Uid, name)] = true
	}
}

func TestRunTwiceGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	s := fixture(t)
	sums := func() map[string]string {
		if err := run(s); err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		err := filepath.WalkDir(s.dist, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			content, err := os.ReadFile(path)
			all[path] = fmt.Sprintf("%x", sha256.Sum256(content))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	first := sums()
	if len(first) < 6 {
		t.Fatalf("%d files written, want the archive and a layout", len(first))
	}
	if diff := cmp.Diff(first, sums()); diff != "" {
		t.Errorf("second run (-first +second):\n%s", diff)
	}
}

func TestRunRefuses(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		spoil func(s *settings) error
		want  string
	}{
		"ErrNoHost":         {func(s *settings) error { return os.Remove(filepath.Join(s.bin, "leat")) }, "make build"},
		"ErrNoPlugins":      {func(s *settings) error { return os.RemoveAll(filepath.Join(s.bin, "plugins")) }, "make build"},
		"ErrNoCertificates": {func(s *settings) error { return os.Remove(s.certificates) }, "-certificates"},
		"ErrEmptyBundle":    {func(s *settings) error { return os.WriteFile(s.certificates, nil, 0o600) }, "no certificate"},
		"ErrDist":           {func(s *settings) error { return os.WriteFile(s.dist, nil, 0o600) }, "dist"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := fixture(t)
			if err := tt.spoil(&s); err != nil {
				t.Fatal(err)
			}
			if err := run(s); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("run = %v, want an error with %q", err, tt.want)
			}
		})
	}
}

func TestTagName(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"v1.2.3":                 "v1.2.3",
		"v1.2.3-4-gabcdef-dirty": "v1.2.3-4-gabcdef-dirty",
		"v1.2.3+build 7":         "v1.2.3-build-7",
		"..-":                    "dev",
		strings.Repeat("a", 200): strings.Repeat("a", 128),
	} {
		if got := tagName(version); got != want {
			t.Errorf("tagName(%q) = %q, want %q", version, got, want)
		}
	}
}
