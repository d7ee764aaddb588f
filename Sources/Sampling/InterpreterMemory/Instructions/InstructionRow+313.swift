/// The instructions of CPython 3.13, as tools/instruction_tables.py prints them.
extension InstructionRow {
  static let cpython313: [InstructionRow] = [
    // BEFORE_ASYNC_WITH
    .init([1], cache: 0, depth: 1),
    // BEFORE_WITH
    .init([2], cache: 0, depth: 1),
    // BINARY_SLICE
    .init([4], cache: 0, depth: -2),
    // BINARY_SUBSCR
    .init([5, 157, 158, 159, 160, 161], cache: 1, depth: -1),
    // CHECK_EG_MATCH
    .init([6], cache: 0, depth: 0),
    // CHECK_EXC_MATCH
    .init([7], cache: 0, depth: 0),
    // CLEANUP_THROW
    .init([8], cache: 0, depth: -1),
    // DELETE_SUBSCR
    .init([9], cache: 0, depth: -2),
    // END_ASYNC_FOR
    .init([10], cache: 0, depth: -2),
    // END_FOR
    .init([11, 237], cache: 0, depth: -1),
    // END_SEND
    .init([12, 238], cache: 0, depth: -1),
    // EXIT_INIT_CHECK
    .init([13], cache: 0, depth: -1),
    // FORMAT_SIMPLE
    .init([14], cache: 0, depth: 0),
    // FORMAT_WITH_SPEC
    .init([15], cache: 0, depth: -1),
    // GET_AITER
    .init([16], cache: 0, depth: 0),
    // GET_ANEXT
    .init([18], cache: 0, depth: 1),
    // GET_ITER
    .init([19], cache: 0, depth: 0),
    // GET_LEN
    .init([20], cache: 0, depth: 1),
    // GET_YIELD_FROM_ITER
    .init([21], cache: 0, depth: 0),
    // INTERPRETER_EXIT
    .init([22], cache: 0, depth: -1, endsBlock: true),
    // LOAD_ASSERTION_ERROR
    .init([23], cache: 0, depth: 1),
    // LOAD_BUILD_CLASS
    .init([24], cache: 0, depth: 1),
    // LOAD_LOCALS
    .init([25], cache: 0, depth: 1),
    // MAKE_FUNCTION
    .init([26], cache: 0, depth: 0),
    // MATCH_KEYS
    .init([27], cache: 0, depth: 1),
    // MATCH_MAPPING
    .init([28], cache: 0, depth: 1),
    // MATCH_SEQUENCE
    .init([29], cache: 0, depth: 1),
    // NOP
    .init([30], cache: 0, depth: 0, role: .withoutCallee),
    // POP_EXCEPT
    .init([31], cache: 0, depth: -1),
    // POP_TOP
    .init([32], cache: 0, depth: -1),
    // PUSH_EXC_INFO
    .init([33], cache: 0, depth: 1),
    // PUSH_NULL
    .init([34], cache: 0, depth: 1, role: .withoutCallee),
    // RETURN_GENERATOR
    .init([35], cache: 0, depth: 1),
    // RETURN_VALUE
    .init([36, 239], cache: 0, depth: -1, endsBlock: true),
    // SETUP_ANNOTATIONS
    .init([37], cache: 0, depth: 0),
    // STORE_SLICE
    .init([38], cache: 0, depth: -4),
    // STORE_SUBSCR
    .init([39, 212, 213], cache: 1, depth: -3),
    // TO_BOOL
    .init([40, 214, 215, 216, 217, 218, 219], cache: 3, depth: 0),
    // UNARY_INVERT
    .init([41], cache: 0, depth: 0),
    // UNARY_NEGATIVE
    .init([42], cache: 0, depth: 0),
    // UNARY_NOT
    .init([43], cache: 0, depth: 0),
    // WITH_EXCEPT_START
    .init([44], cache: 0, depth: 1),
    // BINARY_OP
    .init([45, 3, 150, 151, 152, 153, 154, 155, 156], cache: 1, depth: -1),
    // BUILD_CONST_KEY_MAP
    .init([46], cache: 0, depth: 0, times: -1, of: .argument),
    // BUILD_LIST
    .init([47], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_MAP
    .init([48], cache: 0, depth: 1, times: -2, of: .argument),
    // BUILD_SET
    .init([49], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_SLICE
    .init([50], cache: 0, depth: -1, times: -1, of: .isThree),
    // BUILD_STRING
    .init([51], cache: 0, depth: 1, times: -1, of: .argument),
    // BUILD_TUPLE
    .init([52], cache: 0, depth: 1, times: -1, of: .argument),
    // CALL
    .init(
      [
        53, 162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179, 180,
        181, 244,
      ], cache: 3, depth: -1, times: -1, of: .argument, role: .call),
    // CALL_FUNCTION_EX
    .init([54, 246], cache: 0, depth: -2, times: -1, of: .lowBit, role: .callUnpacked),
    // CALL_INTRINSIC_1
    .init([55], cache: 0, depth: 0),
    // CALL_INTRINSIC_2
    .init([56], cache: 0, depth: -1),
    // CALL_KW
    .init([57, 245], cache: 0, depth: -2, times: -1, of: .argument, role: .callWithNames),
    // COMPARE_OP
    .init([58, 182, 183, 184], cache: 1, depth: -1),
    // CONTAINS_OP
    .init([59, 185, 186], cache: 1, depth: -1),
    // CONVERT_VALUE
    .init([60], cache: 0, depth: 0),
    // COPY
    .init([61], cache: 0, depth: 1, role: .withoutCallee),
    // COPY_FREE_VARS
    .init([62], cache: 0, depth: 0),
    // DELETE_ATTR
    .init([63], cache: 0, depth: -1),
    // DELETE_DEREF
    .init([64], cache: 0, depth: 0),
    // DELETE_FAST
    .init([65], cache: 0, depth: 0),
    // DELETE_GLOBAL
    .init([66], cache: 0, depth: 0),
    // DELETE_NAME
    .init([67], cache: 0, depth: 0),
    // DICT_MERGE
    .init([68], cache: 0, depth: -1),
    // DICT_UPDATE
    .init([69], cache: 0, depth: -1),
    // EXTENDED_ARG
    .init([71], cache: 0, depth: 0, role: .prefix),
    // FOR_ITER
    .init([72, 187, 188, 189, 190, 243], cache: 1, depth: 1, jumps: .forward, depthAfterJump: 1),
    // GET_AWAITABLE
    .init([73], cache: 0, depth: 0),
    // IMPORT_FROM
    .init([74], cache: 0, depth: 1),
    // IMPORT_NAME
    .init([75], cache: 0, depth: -1),
    // IS_OP
    .init([76], cache: 0, depth: -1),
    // JUMP_BACKWARD
    .init([77, 249], cache: 1, depth: 0, jumps: .backward, depthAfterJump: 0, endsBlock: true),
    // JUMP_BACKWARD_NO_INTERRUPT
    .init(
      [78], cache: 0, depth: 0, jumps: .backward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true),
    // JUMP_FORWARD
    .init(
      [79, 248], cache: 0, depth: 0, jumps: .forward, depthAfterJump: 0, role: .withoutCallee, endsBlock: true
    ),
    // LIST_APPEND
    .init([80], cache: 0, depth: -1),
    // LIST_EXTEND
    .init([81], cache: 0, depth: -1),
    // LOAD_ATTR
    .init(
      [82, 191, 192, 193, 194, 195, 196, 197, 198, 199, 200, 201, 202], cache: 9, depth: 0, times: 1,
      of: .lowBit),
    // LOAD_CONST
    .init([83], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_DEREF
    .init([84], cache: 0, depth: 1),
    // LOAD_FAST
    .init([85], cache: 0, depth: 1, role: .withoutCallee),
    // LOAD_FAST_AND_CLEAR
    .init([86], cache: 0, depth: 1),
    // LOAD_FAST_CHECK
    .init([87], cache: 0, depth: 1),
    // LOAD_FAST_LOAD_FAST
    .init([88], cache: 0, depth: 2, role: .withoutCallee),
    // LOAD_FROM_DICT_OR_DEREF
    .init([89], cache: 0, depth: 0),
    // LOAD_FROM_DICT_OR_GLOBALS
    .init([90], cache: 0, depth: 0),
    // LOAD_GLOBAL
    .init([91, 203, 204], cache: 4, depth: 1, times: 1, of: .lowBit),
    // LOAD_NAME
    .init([92], cache: 0, depth: 1),
    // LOAD_SUPER_ATTR
    .init([93, 205, 206, 242], cache: 1, depth: -2, times: 1, of: .lowBit),
    // MAKE_CELL
    .init([94], cache: 0, depth: 0),
    // MAP_ADD
    .init([95], cache: 0, depth: -2),
    // MATCH_CLASS
    .init([96], cache: 0, depth: -2),
    // POP_JUMP_IF_FALSE
    .init([97, 251], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_NONE
    .init([98, 252], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_NOT_NONE
    .init([99, 253], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // POP_JUMP_IF_TRUE
    .init([100, 250], cache: 1, depth: -1, jumps: .forward, depthAfterJump: -1),
    // RAISE_VARARGS
    .init([101], cache: 0, depth: 0, times: -1, of: .argument, endsBlock: true),
    // RERAISE
    .init([102], cache: 0, depth: -1, endsBlock: true),
    // RETURN_CONST
    .init([103, 240], cache: 0, depth: 0, endsBlock: true),
    // SEND
    .init([104, 208], cache: 1, depth: 0, jumps: .forward, depthAfterJump: 0),
    // SET_ADD
    .init([105], cache: 0, depth: -1),
    // SET_FUNCTION_ATTRIBUTE
    .init([106], cache: 0, depth: -1),
    // SET_UPDATE
    .init([107], cache: 0, depth: -1),
    // STORE_ATTR
    .init([108, 209, 210, 211], cache: 4, depth: -2),
    // STORE_DEREF
    .init([109], cache: 0, depth: -1),
    // STORE_FAST
    .init([110], cache: 0, depth: -1),
    // STORE_FAST_LOAD_FAST
    .init([111], cache: 0, depth: 0),
    // STORE_FAST_STORE_FAST
    .init([112], cache: 0, depth: -2),
    // STORE_GLOBAL
    .init([113], cache: 0, depth: -1),
    // STORE_NAME
    .init([114], cache: 0, depth: -1),
    // SWAP
    .init([115], cache: 0, depth: 0, role: .withoutCallee),
    // UNPACK_EX
    .init([116], cache: 0, depth: 0, times: 1, of: .bothBytes),
    // UNPACK_SEQUENCE
    .init([117, 220, 221, 222], cache: 1, depth: -1, times: 1, of: .argument),
    // YIELD_VALUE
    .init([118, 241], cache: 0, depth: 0),
    // RESUME
    .init([149, 207, 236], cache: 0, depth: 0),
  ]
}
