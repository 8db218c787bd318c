package main

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"path"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// entry is one file or folder of a layer, with its path relative to the root.
type entry struct {
	path    string
	mode    fs.FileMode
	owner   int // user and group
	content []byte
}

// newLayer packs the entries in their order, each after the folders it lies in, without times.
func newLayer(entries []entry) (v1.Layer, error) {
	var archive bytes.Buffer
	writer := tar.NewWriter(&archive)
	folders := map[string]bool{".": true}
	for _, e := range entries {
		if err := writeFolders(writer, path.Dir(e.path), folders); err != nil {
			return nil, err
		}
		if err := writeEntry(writer, e); err != nil {
			return nil, err
		}
		folders[e.path] = e.mode.IsDir()
	}
	if err := writer.Close(); err != nil {
		return nil, fmt.Errorf("end layer: %w", err)
	}
	open := func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(archive.Bytes())), nil }
	layer, err := tarball.LayerFromOpener(open, tarball.WithMediaType(types.OCILayer))
	if err != nil {
		return nil, fmt.Errorf("make layer: %w", err)
	}
	return layer, nil
}

func writeFolders(writer *tar.Writer, folder string, written map[string]bool) error {
	if written[folder] {
		return nil
	}
	if err := writeFolders(writer, path.Dir(folder), written); err != nil {
		return err
	}
	written[folder] = true
	return writeEntry(writer, entry{path: folder, mode: fs.ModeDir | 0o755})
}

func writeEntry(writer *tar.Writer, e entry) error {
	header := &tar.Header{
		Typeflag: tar.TypeReg, Name: e.path, Mode: int64(e.mode.Perm()), Size: int64(len(e.content)),
		Uid: e.owner, Gid: e.owner, Format: tar.FormatPAX,
	}
	if e.mode.IsDir() {
		header.Typeflag, header.Name = tar.TypeDir, e.path+"/"
	}
	if e.mode&fs.ModeSticky != 0 {
		const sticky = 0o1000
		header.Mode |= sticky
	}
	if err := writer.WriteHeader(header); err != nil {
		return fmt.Errorf("write %s into layer: %w", e.path, err)
	}
	if _, err := writer.Write(e.content); err != nil {
		return fmt.Errorf("write %s into layer: %w", e.path, err)
	}
	return nil
}
