// Command image puts leat and its plugins into a container image, without a container engine, a
// registry or a base image from elsewhere: as an OCI layout in dist/oci and as an archive for
// "docker load" or "podman load" in dist/leat.tar. The same binaries give the same bytes.
//
// It packs what make build has built and compiles nothing. Start reading at build in build.go;
// layer.go makes the layers, write.go the two forms on disk.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
)

func main() {
	s := settings{arch: runtime.GOARCH}
	flag.StringVar(&s.bin, "bin", "bin", "folder with leat and plugins/")
	flag.StringVar(&s.dist, "dist", "dist", "folder to write into")
	flag.StringVar(&s.version, "version", "dev", "version of what is packed, and the tag")
	flag.StringVar(&s.certificates, "certificates", "", "bundle of CA certificates (default the machine's)")
	flag.Parse()
	if err := run(s); err != nil {
		fmt.Fprintln(os.Stderr, "image:", err)
		os.Exit(1)
	}
}

func run(s settings) error {
	image, err := build(s)
	if err != nil {
		return err
	}
	digest, err := image.Digest()
	if err != nil {
		return fmt.Errorf("compute digest: %w", err)
	}
	if err := write(image, s.dist, s.version); err != nil {
		return err
	}
	fmt.Printf("%s %s\n", repository, digest)
	return nil
}
