package frame

import (
	"math/bits"
	"sync"
)

// Buffers are pooled in classes of powers of two. Larger ones are left to the
// garbage collector: they are rare, and keeping them would keep the peak.
const (
	minClass = 9  // 512 B
	maxClass = 21 // 2 MiB
)

var pools [maxClass + 1]sync.Pool

func class(n int) int { return max(minClass, bits.Len(uint(n-1))) }

func getBuffer(n int) []byte {
	c := class(n)
	if c > maxClass {
		return make([]byte, n)
	}
	if p, ok := pools[c].Get().(*[]byte); ok {
		return (*p)[:n]
	}
	return make([]byte, n, 1<<c)
}

func putBuffer(b []byte) {
	c := class(cap(b))
	if c > maxClass || cap(b) != 1<<c {
		return
	}
	b = b[:0]
	pools[c].Put(&b)
}
