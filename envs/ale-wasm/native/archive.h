// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

/**
 * The bytes of a snapshot, written or read field by field. One function names the fields for all three uses, so that
 * what is written is what is read: `Save` appends them, `Check` compares each with its range and changes nothing, and
 * `Load`, to be run only after `Check` found nothing wrong, assigns them. Numbers are little-endian.
 */
class Archive {
 public:
  enum Use { Save, Check, Load };

  explicit Archive(std::vector<uint8_t>& into) : use_(Save), out_(&into) {}
  Archive(Use use, const uint8_t* bytes, size_t length) : use_(use), at_(bytes), end_(bytes + length) {}

  Use use() const { return use_; }
  bool loading() const { return use_ == Load; }

  /** The first field that is out of its range; null while there is none. */
  const char* wrong() const { return wrong_; }
  bool atEnd() const { return at_ == end_; }

  void require(bool holds, const char* name) {
    if (!holds && !wrong_) wrong_ = name;
  }

  /** An integer or a flag. @return its value in the snapshot, which `Check` leaves unassigned */
  template <typename T>
  int64_t number(const char* name, T& field, int64_t least, int64_t most) {
    static_assert(sizeof(T) <= 4 && (std::is_integral<T>::value || std::is_enum<T>::value), "up to 32 bits");
    const int64_t value = plain(name, static_cast<int64_t>(field), std::is_unsigned<T>::value);
    require(value >= least && value <= most, name);
    if (loading()) field = static_cast<T>(value);
    return value;
  }

  /** An integer of which every value will do. */
  template <typename T>
  int64_t any(const char* name, T& field) {
    return std::is_unsigned<T>::value ? number(name, field, 0, static_cast<int64_t>(static_cast<T>(~T{0})))
                                      : number(name, field, -(int64_t{1} << (8 * sizeof(T) - 1)),
                                               (int64_t{1} << (8 * sizeof(T) - 1)) - 1);
  }
  int64_t flag(const char* name, bool& field) { return number(name, field, 0, 1); }

  /** A real number. */
  template <typename T>
  void real(const char* name, T& field, T least, T most) {
    T value = field;
    bytes(name, reinterpret_cast<uint8_t*>(&value), sizeof value, true);
    require(value >= least && value <= most, name);  // false for NaN
    if (loading()) field = value;
  }

  /** A pointer into a table of bytes, as an offset. @return the offset */
  int64_t offset(const char* name, const uint8_t*& field, const uint8_t* table, int64_t most) {
    int32_t value = static_cast<int32_t>(field - table);
    value = static_cast<int32_t>(plain(name, value, false));
    require(value >= 0 && value <= most, name);
    if (loading()) field = table + value;
    return value;
  }

  /** Bytes of which every value will do. */
  void raw(const char* name, uint8_t* field, size_t length) { bytes(name, field, length, loading()); }

  /**
   * A picture, which differs little from another: as runs of equal pixels and of others. The other is one that comes
   * before this one in the snapshot, or null, for the same picture one row higher.
   */
  void picture(const char* name, uint8_t* pixels, size_t length, const uint8_t* other);

 private:
  /** Reads into `field` where `store`; moves on in any case. */
  void bytes(const char* name, uint8_t* field, size_t length, bool store) {
    if (use_ == Save) {
      out_->insert(out_->end(), field, field + length);
    } else if (wrong_ || static_cast<size_t>(end_ - at_) < length) {
      require(false, name);
    } else {
      if (store) std::memcpy(field, at_, length);
      at_ += length;
    }
  }

  int64_t plain(const char* name, int64_t value, bool isUnsigned) {
    uint32_t bits = static_cast<uint32_t>(value);
    bytes(name, reinterpret_cast<uint8_t*>(&bits), sizeof bits, use_ != Save);
    return isUnsigned ? static_cast<int64_t>(bits) : static_cast<int64_t>(static_cast<int32_t>(bits));
  }

  void writeCount(size_t count);
  size_t readCount(const char* name);

  const Use use_;
  std::vector<uint8_t>* out_ = nullptr;
  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
  const char* wrong_ = nullptr;
};
