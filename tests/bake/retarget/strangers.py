"""Rigs of games, scanners and studios for which no preset is made, as tables of `makers`."""

from tests.bake.retarget.makers import Maker

STRANGERS = {
    "second_life": Maker(
        ("Left", "Right"),
        """
        mPelvis - pelvis pelvis
        mTorso mPelvis spine1 spine1
        mChest mTorso spine3 spine3
        mNeck mChest neck neck
        mHead mNeck head head
        mSkull mHead top
        mEye* mHead *eye
        mCollar* mChest *collar *collar
        mShoulder* mCollar* *shoulder *shoulder
        mElbow* mShoulder* *elbow *elbow
        mWrist* mElbow* *wrist *wrist
        mHip* mPelvis *hip *hip
        mKnee* mHip* *knee *knee
        mAnkle* mKnee* *ankle *ankle
        mFoot* mAnkle* *foot *foot
        mToe* mFoot* *toe_end
        """,
        "mHand%#*",
        "Thumb Index Middle Ring Pinky",
        hand="mWrist*",
    ),
    "motive": Maker(
        ("L", "R"),
        """
        Skeleton1_Hip - pelvis pelvis
        Skeleton1_Ab Skeleton1_Hip spine1 spine1
        Skeleton1_Chest Skeleton1_Ab spine3 spine3
        Skeleton1_Neck Skeleton1_Chest neck neck
        Skeleton1_Head Skeleton1_Neck head head
        Skeleton1_*Shoulder Skeleton1_Chest *collar *collar
        Skeleton1_*UArm Skeleton1_*Shoulder *shoulder *shoulder
        Skeleton1_*FArm Skeleton1_*UArm *elbow *elbow
        Skeleton1_*Hand Skeleton1_*FArm *wrist *wrist
        Skeleton1_*Thigh Skeleton1_Hip *hip *hip
        Skeleton1_*Shin Skeleton1_*Thigh *knee *knee
        Skeleton1_*Foot Skeleton1_*Shin *ankle *ankle
        Skeleton1_*Toe Skeleton1_*Foot *foot *foot
        """,
    ),
    "kinect": Maker(
        ("Left", "Right"),
        """
        SpineBase - pelvis pelvis
        SpineMid SpineBase spine2 spine1
        SpineShoulder SpineMid spine3 spine3
        Neck SpineShoulder neck neck
        Head Neck head head
        Shoulder* SpineShoulder *shoulder *shoulder
        Elbow* Shoulder* *elbow *elbow
        Wrist* Elbow* *wrist *wrist
        Hip* SpineBase *hip *hip
        Knee* Hip* *knee *knee
        Ankle* Knee* *ankle *ankle
        Foot* Ankle* *foot *foot
        """,
    ),
    "neuron": Maker(
        ("Left", "Right"),
        """
        Hips - pelvis pelvis
        *UpLeg Hips *hip *hip
        *Leg *UpLeg *knee *knee
        *Foot *Leg *ankle *ankle
        Spine Hips spine1 spine1
        Spine1 Spine spine2 spine2
        Spine2 Spine1 spine3 spine3
        Neck Spine2 neck neck
        Neck1 Neck neck>.5>head neck
        Head Neck1 head head
        *Shoulder Spine2 *collar *collar
        *Arm *Shoulder *shoulder *shoulder
        *ForeArm *Arm *elbow *elbow
        *Hand *ForeArm *wrist *wrist
        """,
        "*Hand%#",
        "Thumb Index Middle Ring Pinky",
        hand="*Hand",
        palms="*InHand%",
    ),
    "gta": Maker(
        ("L", "R"),
        """
        SKEL_ROOT - pelvis
        SKEL_Pelvis SKEL_ROOT pelvis pelvis
        SKEL_*_Thigh SKEL_Pelvis *hip *hip
        RB_*_ThighRoll SKEL_*_Thigh *hip>.4>*knee
        MH_*_Knee SKEL_*_Thigh *knee
        SKEL_*_Calf SKEL_*_Thigh *knee *knee
        SKEL_*_Foot SKEL_*_Calf *ankle *ankle
        SKEL_*_Toe0 SKEL_*_Foot *foot *foot
        EO_*_Toe SKEL_*_Toe0 *toe_end
        IK_*_Foot SKEL_*_Foot *ankle
        PH_*_Foot SKEL_*_Foot *ankle
        SKEL_Spine_Root SKEL_ROOT pelvis>.1>spine1 spine1
        SKEL_Spine0 SKEL_Spine_Root pelvis>.3>spine1 spine1
        SKEL_Spine1 SKEL_Spine0 spine1 spine2
        SKEL_Spine2 SKEL_Spine1 spine2 spine3
        SKEL_Spine3 SKEL_Spine2 spine3 spine3
        SKEL_*_Clavicle SKEL_Spine3 *collar *collar
        SKEL_*_UpperArm SKEL_*_Clavicle *shoulder *shoulder
        RB_*_ArmRoll SKEL_*_UpperArm *shoulder>.4>*elbow
        SKEL_*_Forearm SKEL_*_UpperArm *elbow *elbow
        RB_*_ForeArmRoll SKEL_*_Forearm *elbow>.5>*wrist
        SKEL_*_Hand SKEL_*_Forearm *wrist *wrist
        IK_*_Hand SKEL_*_Hand *wrist
        PH_*_Hand SKEL_*_Hand *wrist
        SKEL_Neck_1 SKEL_Spine3 neck neck
        SKEL_Head SKEL_Neck_1 head head
        IK_Head SKEL_Head head
        FACIAL_facialRoot SKEL_Head head
        """,
        "SKEL_*_Finger%#",
        "0 1 2 3 4",
        "0 1 2",
        hand="SKEL_*_Hand",
    ),
    "sims": Maker(
        ("L", "R"),
        """
        b__ROOT__ - floor
        b__ROOT_bind__ b__ROOT__ pelvis
        b__Pelvis__ b__ROOT_bind__ pelvis pelvis
        b__*_Thigh__ b__Pelvis__ *hip *hip
        b__*_ThighTwist__ b__*_Thigh__ *hip>.5>*knee
        b__*_Calf__ b__*_Thigh__ *knee *knee
        b__*_Foot__ b__*_Calf__ *ankle *ankle
        b__*_Toe__ b__*_Foot__ *foot *foot
        b__Spine0__ b__ROOT_bind__ spine1 spine1
        b__Spine1__ b__Spine0__ spine2 spine2
        b__Spine2__ b__Spine1__ spine3 spine3
        b__Neck__ b__Spine2__ neck neck
        b__Head__ b__Neck__ head head
        b__*_Clavicle__ b__Spine2__ *collar *collar
        b__*_UpperArm__ b__*_Clavicle__ *shoulder *shoulder
        b__*_ShoulderTwist__ b__*_UpperArm__ *shoulder>.3>*elbow
        b__*_Forearm__ b__*_UpperArm__ *elbow *elbow
        b__*_ForearmTwist__ b__*_Forearm__ *elbow>.5>*wrist
        b__*_Hand__ b__*_Forearm__ *wrist *wrist
        b__*_Prop__ b__*_Hand__ *wrist>.6>*middle1
        """,
        "b__*_%#__",
        "Thumb Index Mid Ring Pinky",
        "0 1 2",
        hand="b__*_Hand__",
    ),
    "romaji": Maker(
        ("_l", "_r"),
        """
        n_root - floor
        n_hara n_root pelvis
        j_kosi n_hara pelvis pelvis
        j_asi_a* j_kosi *hip *hip
        j_asi_b* j_asi_a* *knee *knee
        j_asi_c* j_asi_b* *ankle *ankle
        j_asi_d* j_asi_c* *foot *foot
        j_sebo_a n_hara spine1 spine1
        j_sebo_b j_sebo_a spine2 spine2
        j_sebo_c j_sebo_b spine3 spine3
        j_kubi j_sebo_c neck neck
        j_kao j_kubi head head
        j_sako* j_sebo_c *collar *collar
        j_ude_a* j_sako* *shoulder *shoulder
        j_ude_b* j_ude_a* *elbow *elbow
        j_te* j_ude_b* *wrist *wrist
        """,
        "j_%_#*",
        "oya hito naka kusu ko",
        "a b c",
        hand="j_te*",
    ),
    "mb_lab": Maker(
        ("_L", "_R"),
        """
        root - floor
        pelvis root pelvis pelvis
        thigh* pelvis *hip *hip
        calf* thigh* *knee *knee
        foot* calf* *ankle *ankle
        toes* foot* *foot *foot
        calf_twist* calf* *knee>.5>*ankle
        thigh_twist* thigh* *hip>.5>*knee
        spine01 pelvis spine1 spine1
        spine02 spine01 spine2 spine2
        spine03 spine02 spine3 spine3
        breast* spine03 *bust
        neck spine03 neck neck
        head neck head head
        clavicle* spine03 *collar *collar
        upperarm* clavicle* *shoulder *shoulder
        lowerarm* upperarm* *elbow *elbow
        lowerarm_twist* lowerarm* *elbow>.5>*wrist
        upperarm_twist* upperarm* *shoulder>.5>*elbow
        hand* lowerarm* *wrist *wrist
        """,
        "%0#*",
        hand="hand*",
        palms="%00*",
    ),
    "smplx": Maker(
        ("left_", "right_"),
        """
        root - floor
        pelvis root pelvis pelvis
        *hip pelvis *hip *hip
        *knee *hip *knee *knee
        *ankle *knee *ankle *ankle
        *foot *ankle *foot *foot
        spine1 pelvis spine1 spine1
        spine2 spine1 spine2 spine2
        spine3 spine2 spine3 spine3
        neck spine3 neck neck
        head neck head head
        jaw head head>.2>top
        *eye_smplhf head *eye
        *collar spine3 *collar *collar
        *shoulder *collar *shoulder *shoulder
        *elbow *shoulder *elbow *elbow
        *wrist *elbow *wrist *wrist
        """,
        "*%#",
        hand="*wrist",
    ),
    "mixamo_numbered": Maker(
        ("Left", "Right"),
        """
        mixamorig12:Hips - pelvis pelvis
        mixamorig12:Spine mixamorig12:Hips spine1 spine1
        mixamorig12:Spine1 mixamorig12:Spine spine2 spine2
        mixamorig12:Spine2 mixamorig12:Spine1 spine3 spine3
        mixamorig12:Neck mixamorig12:Spine2 neck neck
        mixamorig12:Head mixamorig12:Neck head head
        mixamorig12:HeadTop_End mixamorig12:Head top
        mixamorig12:*Shoulder mixamorig12:Spine2 *collar *collar
        mixamorig12:*Arm mixamorig12:*Shoulder *shoulder *shoulder
        mixamorig12:*ForeArm mixamorig12:*Arm *elbow *elbow
        mixamorig12:*Hand mixamorig12:*ForeArm *wrist *wrist
        mixamorig12:*UpLeg mixamorig12:Hips *hip *hip
        mixamorig12:*Leg mixamorig12:*UpLeg *knee *knee
        mixamorig12:*Foot mixamorig12:*Leg *ankle *ankle
        mixamorig12:*ToeBase mixamorig12:*Foot *foot *foot
        mixamorig12:*Toe_End mixamorig12:*ToeBase *toe_end
        """,
        "mixamorig12:*Hand%#",
        "Thumb Index Middle Ring Pinky",
        hand="mixamorig12:*Hand",
        tips="4",
    ),
    "fallout": Maker(
        ("L", "R"),
        """
        Root - floor
        COM Root pelvis
        Pelvis COM pelvis pelvis
        *Leg_Thigh Pelvis *hip *hip
        *Leg_Calf *Leg_Thigh *knee *knee
        *Leg_Foot *Leg_Calf *ankle *ankle
        *Leg_Toe1 *Leg_Foot *foot *foot
        SPINE1 COM spine1 spine1
        SPINE2 SPINE1 spine2 spine2
        Chest SPINE2 spine3 spine3
        *Arm_Collarbone Chest *collar *collar
        *Arm_UpperArm *Arm_Collarbone *shoulder *shoulder
        *Arm_UpperTwist1 *Arm_UpperArm *shoulder>.4>*elbow
        *Arm_ForeArm1 *Arm_UpperArm *elbow *elbow
        *Arm_ForeArm2 *Arm_ForeArm1 *elbow>.3>*wrist *elbow
        *Arm_ForeArm3 *Arm_ForeArm2 *elbow>.6>*wrist *elbow
        *Arm_Hand *Arm_ForeArm3 *wrist *wrist
        Neck Chest neck neck
        HEAD Neck head head
        """,
        "*Arm_Finger%#",
        "1 2 3 4 5",
        hand="*Arm_Hand",
    ),
    "xnalara": Maker(
        ("left", "right"),
        """
        root~ground - floor
        root~hips root~ground pelvis
        pelvis root~hips pelvis pelvis
        leg~*~thigh pelvis *hip *hip
        leg~*~knee leg~*~thigh *knee *knee
        leg~*~ankle leg~*~knee *ankle *ankle
        leg~*~toes leg~*~ankle *foot *foot
        spine~lower root~hips spine1 spine1
        spine~middle spine~lower spine2 spine2
        spine~upper spine~middle spine3 spine3
        head~neck~lower spine~upper neck neck
        head~neck~upper head~neck~lower head head
        head~jaw head~neck~upper head>.3>top
        arm~*~shoulder~1 spine~upper *collar *collar
        arm~*~shoulder~2 arm~*~shoulder~1 *shoulder *shoulder
        arm~*~elbow arm~*~shoulder~2 *elbow *elbow
        arm~*~wrist arm~*~elbow *wrist *wrist
        """,
        "arm~*~finger~%#",
        "1 2 3 4 5",
        "a b c",
        hand="arm~*~wrist",
    ),
    "czech": Maker(
        ("_L", "_P"),
        """
        panev - pelvis pelvis
        pater1 panev spine1 spine1
        pater2 pater1 spine2 spine2
        pater3 pater2 spine3 spine3
        krk pater3 neck neck
        hlava krk head head
        klicni* pater3 *collar *collar
        paze* klicni* *shoulder *shoulder
        predlokti* paze* *elbow *elbow
        ruka* predlokti* *wrist *wrist
        stehno* panev *hip *hip
        lytko* stehno* *knee *knee
        chodidlo* lytko* *ankle *ankle
        prsty* chodidlo* *foot *foot
        """,
        "%#*",
        "palec ukazovak prostrednik prstenik malik",
        hand="ruka*",
    ),
    "portuguese": Maker(
        ("_esq", "_dir"),
        """
        quadril - pelvis pelvis
        coluna1 quadril spine1 spine1
        coluna2 coluna1 spine2 spine2
        peito coluna2 spine3 spine3
        pescoco peito neck neck
        cabeca pescoco head head
        ombro* peito *collar *collar
        braco* ombro* *shoulder *shoulder
        antebraco* braco* *elbow *elbow
        mao* antebraco* *wrist *wrist
        coxa* quadril *hip *hip
        canela* coxa* *knee *knee
        pe* canela* *ankle *ankle
        dedos* pe* *foot *foot
        """,
        "%#*",
        "polegar indicador medio anelar minimo",
        hand="mao*",
    ),
    "numbered": Maker(
        ("0", "1"),
        """
        joint_000 - floor
        joint_001 joint_000 pelvis pelvis
        joint_002 joint_001 spine1 spine1
        joint_003 joint_002 spine2 spine2
        joint_004 joint_003 spine3 spine3
        joint_005 joint_004 neck neck
        joint_006 joint_005 head head
        joint_1*0 joint_004 *collar *collar
        joint_1*1 joint_1*0 *shoulder *shoulder
        joint_1*2 joint_1*1 *elbow *elbow
        joint_1*3 joint_1*2 *wrist *wrist
        joint_2*0 joint_001 *hip *hip
        joint_2*1 joint_2*0 *knee *knee
        joint_2*2 joint_2*1 *ankle *ankle
        joint_2*3 joint_2*2 *foot *foot
        """,
        "joint_3*%#",
        "0 1 2 3 4",
        hand="joint_1*3",
    ),
}
