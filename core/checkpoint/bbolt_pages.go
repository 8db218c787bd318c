package checkpoint

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/fnv"
)

// The pages of a bbolt file, as little-endian machines wrote them.
const (
	bboltMagic   = 0xED0CDAED
	bboltVersion = 2

	pageHeader  = 16
	elementSize = 16
	metaSize    = 64
	bucketSize  = 16

	branchPage = 0x01
	leafPage   = 0x02

	bucketFlag = 0x01
)

var (
	errMeta  = damaged("it is of the format before, and both of its first pages are damaged")
	errPage  = errors.New("a page is damaged")
	errOrder = errors.New("keys are not in order")
)

// pages is a bbolt file.
type pages struct {
	raw  []byte
	size int
	root uint64
	// left is how many more pages may be read: damage must not lead in circles.
	left int
}

// element is a key of a leaf.
type element struct {
	key, value []byte
	bucket     bool
}

// pageSizes that operating systems have.
var pageSizes = []int{4096, 8192, 16384, 32768, 65536}

func isBbolt(raw []byte) bool {
	for _, at := range append([]int{0}, pageSizes...) {
		if len(raw) >= at+pageHeader+metaSize && binary.LittleEndian.Uint32(raw[at+pageHeader:]) == bboltMagic {
			return true
		}
	}
	return false
}

func openPages(raw []byte) (*pages, error) {
	db := &pages{raw: raw}
	var newest uint64
	for _, at := range append([]int{0}, pageSizes...) {
		if len(raw) < at+pageHeader+metaSize {
			continue
		}
		m := raw[at+pageHeader : at+pageHeader+metaSize]
		if !validMeta(m) {
			continue
		}
		if id := binary.LittleEndian.Uint64(m[48:]); db.size == 0 || id > newest {
			newest = id
			db.size = int(binary.LittleEndian.Uint32(m[8:]))
			db.root = binary.LittleEndian.Uint64(m[16:])
		}
	}
	if db.size < elementSize+pageHeader {
		return nil, errMeta
	}
	db.left = len(raw)/db.size + 1
	return db, nil
}

func validMeta(m []byte) bool {
	h := fnv.New64a()
	_, _ = h.Write(m[:metaSize-8])
	return binary.LittleEndian.Uint32(m) == bboltMagic && binary.LittleEndian.Uint32(m[4:]) == bboltVersion &&
		h.Sum64() == binary.LittleEndian.Uint64(m[metaSize-8:])
}

// walk calls see for each key below a page, in order.
func (db *pages) walk(id uint64, see func(element) error) error {
	return db.walkPage(id, inOrder(see))
}

func inOrder(see func(element) error) func(element) error {
	var last []byte
	return func(e element) error {
		if last != nil && bytes.Compare(last, e.key) >= 0 {
			return errOrder
		}
		last = e.key
		return see(e)
	}
}

func (db *pages) walkPage(id uint64, see func(element) error) error {
	page, err := db.page(id)
	if err != nil {
		return err
	}
	if binary.LittleEndian.Uint16(page[8:]) == leafPage {
		return walkLeaf(page, see)
	}
	for i := range int(binary.LittleEndian.Uint16(page[10:])) {
		at := pageHeader + i*elementSize
		if len(page) < at+elementSize {
			return errPage
		}
		if err := db.walkPage(binary.LittleEndian.Uint64(page[at+8:]), see); err != nil {
			return err
		}
	}
	return nil
}

// page returns a leaf or branch with the pages that it flows over to.
func (db *pages) page(id uint64) ([]byte, error) {
	if db.left--; db.left < 0 || id < 2 || id >= uint64(len(db.raw)/db.size) {
		return nil, errPage
	}
	page := db.raw[int(id)*db.size:]
	kind := binary.LittleEndian.Uint16(page[8:])
	size := (uint64(binary.LittleEndian.Uint32(page[12:])) + 1) * uint64(db.size)
	if binary.LittleEndian.Uint64(page) != id || size > uint64(len(page)) || (kind != leafPage && kind != branchPage) {
		return nil, errPage
	}
	return page[:size], nil
}

// walkBucket calls see for each key of a bucket, whose page may stand in its value.
func (db *pages) walkBucket(e element, see func(element) error) error {
	if len(e.value) < bucketSize {
		return errPage
	}
	if root := binary.LittleEndian.Uint64(e.value); root != 0 {
		return db.walk(root, see)
	}
	page := e.value[bucketSize:]
	if len(page) < pageHeader || binary.LittleEndian.Uint16(page[8:]) != leafPage {
		return errPage
	}
	return walkLeaf(page, inOrder(see))
}

// walkLeaf reads a leaf: its elements, then their keys and values without a gap.
func walkLeaf(page []byte, see func(element) error) error {
	count := int(binary.LittleEndian.Uint16(page[10:]))
	next := uint64(pageHeader + count*elementSize)
	if next > uint64(len(page)) {
		return errPage
	}
	for i := range count {
		at := pageHeader + i*elementSize
		e := page[at : at+elementSize]
		flags := binary.LittleEndian.Uint32(e)
		key := uint64(at) + uint64(binary.LittleEndian.Uint32(e[4:]))
		value := key + uint64(binary.LittleEndian.Uint32(e[8:]))
		end := value + uint64(binary.LittleEndian.Uint32(e[12:]))
		if flags > bucketFlag || key != next || end > uint64(len(page)) {
			return errPage
		}
		next = end
		if err := see(element{key: page[key:value], value: page[value:end], bucket: flags == bucketFlag}); err != nil {
			return err
		}
	}
	return nil
}
